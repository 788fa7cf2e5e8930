import { elementsOf, isElement, parseXml, textOf, type XmlElement } from './xml.ts';

// The rules of EAF 3.0 (and, where they differ, of 2.7) as its schema and ELAN have them. For tests.

const childrenInOrder: Record<string, readonly string[]> = {
  ANNOTATION_DOCUMENT: [
    'LICENSE',
    'HEADER',
    'TIME_ORDER',
    'TIER',
    'LINGUISTIC_TYPE',
    'LOCALE',
    'LANGUAGE',
    'CONSTRAINT',
    'CONTROLLED_VOCABULARY',
    'LEXICON_REF',
    'REF_LINK_SET',
    'EXTERNAL_REF',
  ],
  HEADER: ['MEDIA_DESCRIPTOR', 'LINKED_FILE_DESCRIPTOR', 'PROPERTY'],
  TIME_ORDER: ['TIME_SLOT'],
  TIER: ['ANNOTATION'],
  ANNOTATION: ['ALIGNABLE_ANNOTATION', 'REF_ANNOTATION'],
  ALIGNABLE_ANNOTATION: ['ANNOTATION_VALUE'],
  REF_ANNOTATION: ['ANNOTATION_VALUE'],
  CONTROLLED_VOCABULARY: ['DESCRIPTION', 'CV_ENTRY_ML'],
  CV_ENTRY_ML: ['CVE_VALUE'],
};

const attributesOf: Record<string, { required: readonly string[]; optional?: readonly string[] }> = {
  ANNOTATION_DOCUMENT: {
    required: ['AUTHOR', 'DATE', 'VERSION'],
    optional: ['FORMAT', 'xmlns:xsi', 'xsi:noNamespaceSchemaLocation'],
  },
  LICENSE: { required: [], optional: ['LICENSE_URL'] },
  HEADER: { required: [], optional: ['MEDIA_FILE', 'TIME_UNITS'] },
  MEDIA_DESCRIPTOR: {
    required: ['MEDIA_URL', 'MIME_TYPE'],
    optional: ['RELATIVE_MEDIA_URL', 'TIME_ORIGIN', 'EXTRACTED_FROM'],
  },
  LINKED_FILE_DESCRIPTOR: {
    required: ['LINK_URL', 'MIME_TYPE'],
    optional: ['RELATIVE_LINK_URL', 'TIME_ORIGIN', 'ASSOCIATED_WITH'],
  },
  PROPERTY: { required: [], optional: ['NAME'] },
  TIME_ORDER: { required: [] },
  TIME_SLOT: { required: ['TIME_SLOT_ID'], optional: ['TIME_VALUE'] },
  TIER: {
    required: ['TIER_ID', 'LINGUISTIC_TYPE_REF'],
    optional: ['PARTICIPANT', 'ANNOTATOR', 'DEFAULT_LOCALE', 'PARENT_REF', 'EXT_REF', 'LANG_REF'],
  },
  ANNOTATION: { required: [] },
  ALIGNABLE_ANNOTATION: {
    required: ['ANNOTATION_ID', 'TIME_SLOT_REF1', 'TIME_SLOT_REF2'],
    optional: ['SVG_REF', 'EXT_REF', 'LANG_REF', 'CVE_REF'],
  },
  REF_ANNOTATION: {
    required: ['ANNOTATION_ID', 'ANNOTATION_REF'],
    optional: ['PREVIOUS_ANNOTATION', 'EXT_REF', 'LANG_REF', 'CVE_REF'],
  },
  ANNOTATION_VALUE: { required: [] },
  LINGUISTIC_TYPE: {
    required: ['LINGUISTIC_TYPE_ID'],
    optional: [
      'TIME_ALIGNABLE',
      'CONSTRAINTS',
      'GRAPHIC_REFERENCES',
      'CONTROLLED_VOCABULARY_REF',
      'EXT_REF',
      'LEXICON_REF',
    ],
  },
  LOCALE: { required: ['LANGUAGE_CODE'], optional: ['COUNTRY_CODE', 'VARIANT'] },
  LANGUAGE: { required: ['LANG_ID'], optional: ['LANG_DEF', 'LANG_LABEL'] },
  CONSTRAINT: { required: ['STEREOTYPE'], optional: ['DESCRIPTION'] },
  CONTROLLED_VOCABULARY: { required: ['CV_ID'], optional: ['EXT_REF'] },
  DESCRIPTION: { required: ['LANG_REF'] },
  CV_ENTRY_ML: { required: ['CVE_ID'], optional: ['EXT_REF'] },
  CVE_VALUE: { required: ['LANG_REF'], optional: ['DESCRIPTION'] },
  EXTERNAL_REF: { required: ['EXT_REF_ID', 'TYPE', 'VALUE'] },
};

/** What an EAF 3.0 document breaks; empty when it is valid and ELAN will open it. */
export function eafBreaches(text: string): string[] {
  const root = parseXml(text, 'the document');
  const breaches: string[] = [];
  if (root.name !== 'ANNOTATION_DOCUMENT') return [`the root is <${root.name}>`];
  checkElement(root, breaches);
  checkReferences(root, breaches);
  checkTiers(root, breaches);
  return breaches;
}

// ---- below: internals ----

function checkElement(element: XmlElement, breaches: string[]): void {
  const { name, attributes, line } = element;
  const at = `<${name}> in line ${line}`;
  const known = attributesOf[name];
  if (!known) {
    breaches.push(`${at} is unknown`);
    return;
  }
  for (const needed of known.required) if (attributes[needed] === undefined) breaches.push(`${at} lacks ${needed}`);
  for (const given of Object.keys(attributes)) {
    if (!known.required.includes(given) && !known.optional?.includes(given)) breaches.push(`${at} has ${given}`);
  }
  for (const uri of ['MEDIA_URL', 'RELATIVE_MEDIA_URL', 'LINK_URL', 'RELATIVE_LINK_URL']) {
    const [before, ...fragments] = (attributes[uri] ?? '').split('#');
    if (/%(?![0-9A-Fa-f]{2})/.test(before) || fragments.length > 1) breaches.push(`${at}: ${uri} is no URI`);
  }
  const order = childrenInOrder[name] ?? [];
  let last = 0;
  for (const child of element.children) {
    if (!isElement(child)) {
      if (typeof child === 'string' && order.length > 0) breaches.push(`${at} holds text`);
      continue;
    }
    const rank = order.indexOf(child.name);
    if (rank < 0) breaches.push(`${at} holds <${child.name}>`);
    else if (rank < last) breaches.push(`${at}: <${child.name}> comes too late`);
    last = Math.max(last, rank);
    checkElement(child, breaches);
  }
  const exactly = { ANNOTATION: 1, ALIGNABLE_ANNOTATION: 1, REF_ANNOTATION: 1 }[name];
  if (exactly !== undefined && elementsOf(element).length !== exactly) breaches.push(`${at} must hold one element`);
}

function checkReferences(root: XmlElement, breaches: string[]): void {
  const all = everyElement(root);
  const ids = (name: string, attribute: string) =>
    all.filter((element) => element.name === name).map(({ attributes }) => attributes[attribute]);
  for (const [name, count] of Object.entries({ HEADER: 1, TIME_ORDER: 1 })) {
    if (elementsOf(root, name).length !== count) breaches.push(`there must be one <${name}>`);
  }
  const annotationIds = [...ids('ALIGNABLE_ANNOTATION', 'ANNOTATION_ID'), ...ids('REF_ANNOTATION', 'ANNOTATION_ID')];
  const slotIds = ids('TIME_SLOT', 'TIME_SLOT_ID');
  const keys = {
    'time slot or annotation': [...slotIds, ...annotationIds],
    tier: ids('TIER', 'TIER_ID'),
    type: ids('LINGUISTIC_TYPE', 'LINGUISTIC_TYPE_ID'),
    constraint: ids('CONSTRAINT', 'STEREOTYPE'),
    vocabulary: ids('CONTROLLED_VOCABULARY', 'CV_ID'),
    language: ids('LANGUAGE', 'LANG_ID'),
    locale: ids('LOCALE', 'LANGUAGE_CODE'),
    'external reference': ids('EXTERNAL_REF', 'EXT_REF_ID'),
  };
  for (const [kind, list] of Object.entries(keys)) {
    if (new Set(list).size !== list.length) breaches.push(`the id of a ${kind} occurs twice`);
  }
  for (const id of keys['time slot or annotation']) {
    if (!/^[\p{L}_][\p{L}\p{N}._-]*$/u.test(id)) breaches.push(`"${id}" is no XML id`);
  }
  for (const vocabulary of elementsOf(root, 'CONTROLLED_VOCABULARY')) {
    const entries = elementsOf(vocabulary, 'CV_ENTRY_ML').map(({ attributes }) => attributes.CVE_ID);
    if (new Set(entries).size !== entries.length) breaches.push(`${vocabulary.attributes.CV_ID}: an entry id twice`);
  }
  const targets: Record<string, readonly string[]> = {
    TIME_SLOT_REF1: slotIds,
    TIME_SLOT_REF2: slotIds,
    ANNOTATION_REF: annotationIds,
    PREVIOUS_ANNOTATION: annotationIds,
    LINGUISTIC_TYPE_REF: keys.type,
    PARENT_REF: keys.tier,
    CONSTRAINTS: keys.constraint,
    CONTROLLED_VOCABULARY_REF: keys.vocabulary,
    LANG_REF: keys.language,
    DEFAULT_LOCALE: keys.locale,
    EXT_REF: keys['external reference'],
  };
  for (const { name, attributes, line } of all) {
    for (const [attribute, known] of Object.entries(targets)) {
      const value = attributes[attribute];
      if (value !== undefined && !known.includes(value)) {
        breaches.push(`<${name}> in line ${line}: ${attribute} "${value}" leads nowhere`);
      }
    }
  }
  for (const { attributes } of elementsOf(elementsOf(root, 'TIME_ORDER')[0], 'TIME_SLOT')) {
    if (!/^\d+$/.test(attributes.TIME_VALUE ?? '0')) breaches.push(`TIME_VALUE "${attributes.TIME_VALUE}"`);
  }
  const used = elementsOf(elementsOf(root, 'HEADER')[0], 'PROPERTY').find(
    ({ attributes }) => attributes.NAME === 'lastUsedAnnotationId',
  );
  const greatest = Math.max(0, ...annotationIds.map((id) => Number(/^a(\d+)$/.exec(id)?.[1] ?? 0)));
  if (greatest > 0 && !(Number(textOf(used)) >= greatest)) breaches.push('lastUsedAnnotationId is too small');
}

function checkTiers(root: XmlElement, breaches: string[]): void {
  const order = elementsOf(elementsOf(root, 'TIME_ORDER')[0], 'TIME_SLOT');
  const times = new Map(order.map(({ attributes }) => [attributes.TIME_SLOT_ID, attributes.TIME_VALUE]));
  const timed = order.flatMap(({ attributes }) =>
    attributes.TIME_VALUE === undefined ? [] : [Number(attributes.TIME_VALUE)],
  );
  if (timed.some((time, i) => i > 0 && time < timed[i - 1])) breaches.push('TIME_ORDER is not in order of time');
  const types = new Map(
    elementsOf(root, 'LINGUISTIC_TYPE').map(({ attributes }) => [attributes.LINGUISTIC_TYPE_ID, attributes]),
  );
  const entries = new Map(
    elementsOf(root, 'CONTROLLED_VOCABULARY').map((vocabulary) => [
      vocabulary.attributes.CV_ID,
      new Map(
        elementsOf(vocabulary, 'CV_ENTRY_ML').map((entry) => [
          entry.attributes.CVE_ID,
          elementsOf(entry, 'CVE_VALUE').map(textOf),
        ]),
      ),
    ]),
  );
  const tierOf = new Map<string, string>();
  for (const tier of elementsOf(root, 'TIER')) {
    for (const inner of elementsOf(tier, 'ANNOTATION').flatMap((holder) => elementsOf(holder))) {
      tierOf.set(inner.attributes.ANNOTATION_ID, tier.attributes.TIER_ID);
    }
  }
  for (const tier of elementsOf(root, 'TIER')) {
    const { TIER_ID: id, LINGUISTIC_TYPE_REF, PARENT_REF: parent } = tier.attributes;
    const type = types.get(LINGUISTIC_TYPE_REF) ?? {};
    if ((type.CONSTRAINTS === undefined) !== (parent === undefined))
      breaches.push(`${id}: constraint and parent differ`);
    const symbolic = type.CONSTRAINTS?.startsWith('Symbolic') ?? false;
    if (symbolic === (type.TIME_ALIGNABLE === 'true')) breaches.push(`${id}: TIME_ALIGNABLE is wrong for its type`);
    const annotations = elementsOf(tier, 'ANNOTATION').flatMap((holder) => elementsOf(holder));
    const spans: [number, number][] = [];
    const parents: string[] = [];
    for (const { name, attributes, children } of annotations) {
      if (symbolic !== (name === 'REF_ANNOTATION')) breaches.push(`${id}: <${name}> is of the wrong kind`);
      if (attributes.ANNOTATION_REF) {
        parents.push(attributes.ANNOTATION_REF);
        if (tierOf.get(attributes.ANNOTATION_REF) !== parent)
          breaches.push(`${id}: ${attributes.ANNOTATION_ID} hangs elsewhere`);
      }
      const [from, to] = [times.get(attributes.TIME_SLOT_REF1), times.get(attributes.TIME_SLOT_REF2)];
      if (from !== undefined && to !== undefined) spans.push([Number(from), Number(to)]);
      const vocabulary = entries.get(type.CONTROLLED_VOCABULARY_REF ?? '');
      const value = children.filter(isElement).map(textOf).join('');
      if (
        attributes.CVE_REF &&
        vocabulary &&
        vocabulary.size > 0 &&
        !vocabulary.get(attributes.CVE_REF)?.includes(value)
      ) {
        breaches.push(`${id}: ${attributes.ANNOTATION_ID} "${value}" is not the entry ${attributes.CVE_REF}`);
      }
    }
    if (type.CONSTRAINTS === 'Symbolic_Association' && new Set(parents).size !== parents.length) {
      breaches.push(`${id}: two annotations are associated with one`);
    }
    spans.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    spans.forEach(([from, to], i) => {
      if (from >= to) breaches.push(`${id}: an annotation from ${from} to ${to}`);
      if (i > 0 && from < spans[i - 1][1]) breaches.push(`${id}: annotations overlap at ${from}`);
    });
  }
}

function everyElement(root: XmlElement): XmlElement[] {
  return [root, ...elementsOf(root).flatMap(everyElement)];
}
