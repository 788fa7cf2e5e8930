import type { Action, BodyPart, Taxonomy } from '../../taxonomy/taxonomy.ts';
import { type Clip, compareInstances, type Instance } from '../dataset.ts';
import { millisecondsOf } from '../validate.ts';
import type { EafInstance } from './eaf.ts';
import type { EafAnnotation, EafDocument, Span } from './eafDocument.ts';
import { setPlainProperty, timeOriginOf, writeFields } from './eafHeader.ts';
import { entryId, kindOfTier, laneName, partType, reasonType, scoreType } from './eafTiers.ts';
import type { WriteOptions } from './format.ts';
import { elementsOf, newElement, textOf, type XmlElement } from './xml.ts';

/** A document without annotations: a tier, a type and a vocabulary for each body part. */
export function newEafDocument(taxonomy: Taxonomy, clip: Clip, options: WriteOptions): XmlElement {
  const root = newElement('ANNOTATION_DOCUMENT', {
    AUTHOR: options.author ?? '',
    DATE: options.date ?? '2000-01-01T00:00:00Z',
    FORMAT: '3.0',
    VERSION: '3.0',
    'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
    'xsi:noNamespaceSchemaLocation': 'http://www.mpi.nl/tools/elan/EAFv3.0.xsd',
  });
  root.children.push(newElement('HEADER', { MEDIA_FILE: '', TIME_UNITS: 'milliseconds' }), newElement('TIME_ORDER'));
  for (const part of taxonomy.bodyParts) {
    requireVocabulary(root, part, taxonomy);
    requireTier(root, laneName(part, 0), { LINGUISTIC_TYPE_REF: partType(part), ...people(clip, options) });
  }
  for (const constraint of Object.keys(constraints)) requireConstraint(root, constraint);
  return root;
}

/** Makes a document hold the instances of a clip, and leaves all else in it alone. */
export class EafEditor {
  readonly #document: EafDocument;
  readonly #root: XmlElement;
  readonly #taxonomy: Taxonomy;
  readonly #options: WriteOptions;
  readonly #source: string;
  readonly #originMs: number;
  readonly #newSlots: { milliseconds: number; use: (id: string) => void }[] = [];
  /** Spans on the project's own tiers, by the tier's id. */
  readonly #taken = new Map<string, { annotation?: EafAnnotation; span: Span }[]>();
  readonly #usedBefore: ReadonlySet<string>;
  readonly #removed = new Set<EafAnnotation>();
  #lastId: number;

  constructor(document: EafDocument, source: string, taxonomy: Taxonomy, options: WriteOptions) {
    this.#document = document;
    this.#root = document.root;
    this.#source = source;
    this.#taxonomy = taxonomy;
    this.#options = options;
    this.#originMs = timeOriginOf(document.header);
    this.#usedBefore = usedSlots(document.root);
    this.#lastId = lastNumber([...document.annotations.keys()], 'a', lastUsed(document.header));
    for (const tier of document.tiers.values()) {
      const spans = tier.annotations.map((annotation) => ({ annotation, span: document.spanOf(annotation) }));
      this.#taken.set(
        tier.id,
        spans.filter((entry): entry is { annotation: EafAnnotation; span: Span } => entry.span !== undefined),
      );
    }
  }

  /** `before` are the instances that the document holds now. */
  setClip(clip: Clip, before: readonly EafInstance[]): void {
    writeFields(this.#document.header, clip, this.#source, this.#options.folder);
    const { added, gone } = difference(clip.instances, before);
    if (added.length === 0 && gone.length === 0) return;
    for (const { annotation } of this.#moveWhatMoved(added, gone)) this.#remove(annotation);
    if (added.length > 0 && elementsOf(this.#root, 'CONTROLLED_VOCABULARY').some(isOldVocabulary)) upgrade(this.#root);
    for (const instance of added.sort(compareInstances)) this.#add(instance, clip);
    this.#placeSlots();
    setPlainProperty(this.#document.header, 'lastUsedAnnotationId', String(this.#lastId));
    if (this.#options.date) this.#root.attributes.DATE = this.#options.date;
  }

  /**
   * Gives an annotation that stands for a changed instance its new times, score and reason, so that what
   * hangs on it stays. Takes such pairs out of `added`; returns those that are really gone.
   */
  #moveWhatMoved(added: Instance[], gone: readonly EafInstance[]): EafInstance[] {
    return gone.filter(({ instance: old, annotation }) => {
      const { tier } = annotation;
      const overlap = (some: Instance) => Math.min(some.end, old.end) - Math.max(some.start, old.start);
      const [match] = added
        .filter((some) => some.action === old.action && overlap(some) > 0)
        .sort((a, b) => overlap(b) - overlap(a));
      if (!match || tier.parent !== undefined || this.#hasAlignedChildren(tier.id)) return true;
      const span = this.#spanOf(match);
      const others = this.#taken.get(tier.id)?.filter((entry) => entry.annotation !== annotation) ?? [];
      if (others.some((other) => overlaps(other.span, span))) return true;
      added.splice(added.indexOf(match), 1);
      this.#taken.set(tier.id, [...others, { annotation, span }]);
      if (match.start !== old.start || match.end !== old.end) this.#setSlots(annotation.element, span);
      this.#setJudgement(annotation, match);
      return false;
    });
  }

  #setJudgement(annotation: EafAnnotation, { score, reason }: Instance): void {
    for (const child of this.#document.refsTo(annotation.id)) {
      const kind = kindOfTier(child.tier);
      if (kind === 'score' || kind === 'reason') this.#remove(child);
    }
    this.#addJudgement(annotation.id, annotation.tier.id, { score, reason }, annotation.tier.element.attributes);
  }

  #hasAlignedChildren(tierId: string): boolean {
    return [...this.#document.tiers.values()].some(
      ({ parent, annotations, constraint }) =>
        parent === tierId && annotations.length > 0 && !constraint?.startsWith('Symbolic'),
    );
  }

  /** Removes an annotation and all that hangs on it. */
  #remove(annotation: EafAnnotation): void {
    if (this.#removed.has(annotation)) return;
    this.#removed.add(annotation);
    const { tier, holder, id, element } = annotation;
    tier.element.children.splice(tier.element.children.indexOf(holder), 1);
    this.#taken.set(tier.id, this.#taken.get(tier.id)?.filter((entry) => entry.annotation !== annotation) ?? []);
    for (const sibling of tier.annotations) {
      if (sibling.element.attributes.PREVIOUS_ANNOTATION !== id) continue;
      delete sibling.element.attributes.PREVIOUS_ANNOTATION;
      const { PREVIOUS_ANNOTATION } = element.attributes;
      if (PREVIOUS_ANNOTATION) Object.assign(sibling.element.attributes, { PREVIOUS_ANNOTATION });
    }
    for (const child of this.#document.refsTo(id)) this.#remove(child);
    const span = this.#document.spanOf(annotation);
    if (!span) return;
    for (const child of this.#document.tiers.values()) {
      if (child.parent !== tier.id || child.constraint?.startsWith('Symbolic')) continue;
      for (const inner of child.annotations) {
        const within = this.#document.spanOf(inner);
        if (within && within[0] >= span[0] && within[1] <= span[1]) this.#remove(inner);
      }
    }
  }

  #add(instance: Instance, clip: Clip): void {
    const action = this.#taxonomy.get(instance.action);
    const part = this.#taxonomy.bodyPartOf(action.id);
    const type = partType(part);
    const span = this.#spanOf(instance);
    const vocabulary = requireVocabulary(this.#root, part, this.#taxonomy);
    const attributes = people(clip, this.#options);
    const tier = this.#freeTier(part, span, { LINGUISTIC_TYPE_REF: type, ...attributes });
    const id = this.#nextId();
    const element = newElement(
      'ALIGNABLE_ANNOTATION',
      { ANNOTATION_ID: id, CVE_REF: requireEntry(vocabulary, action) },
      [newElement('ANNOTATION_VALUE', {}, [action.name])],
    );
    this.#setSlots(element, span);
    tier.children.push(newElement('ANNOTATION', {}, [element]));
    const { TIER_ID } = tier.attributes;
    this.#taken.set(TIER_ID, [...(this.#taken.get(TIER_ID) ?? []), { span }]);
    this.#addJudgement(id, TIER_ID, instance, attributes);
  }

  #addJudgement(
    parentId: string,
    parentTier: string,
    { score, reason }: Pick<Instance, 'score' | 'reason'>,
    { PARTICIPANT, ANNOTATOR }: Record<string, string | undefined>,
  ): void {
    const values = { score: [scoreType, score?.toString()], reason: [reasonType, reason] } as const;
    for (const [kind, [type, value]] of Object.entries(values)) {
      if (value === undefined) continue;
      requireType(this.#root, type, { TIME_ALIGNABLE: 'false', CONSTRAINTS: 'Symbolic_Association' });
      requireConstraint(this.#root, 'Symbolic_Association');
      const tier =
        elementsOf(this.#root, 'TIER').find(
          ({ attributes }) => attributes.PARENT_REF === parentTier && attributes.LINGUISTIC_TYPE_REF === type,
        ) ??
        requireTier(this.#root, this.#freeName(`${parentTier} ${kind}`), {
          LINGUISTIC_TYPE_REF: type,
          PARENT_REF: parentTier,
          PARTICIPANT,
          ANNOTATOR,
        });
      const element = newElement('REF_ANNOTATION', { ANNOTATION_ID: this.#nextId(), ANNOTATION_REF: parentId }, [
        newElement('ANNOTATION_VALUE', {}, [value]),
      ]);
      tier.children.push(newElement('ANNOTATION', {}, [element]));
    }
  }

  /** The first tier of a body part where a span overlaps nothing; a new one when there is none. */
  #freeTier(part: BodyPart, span: Span, attributes: Record<string, string | undefined>): XmlElement {
    for (let lane = 0; ; lane++) {
      const name = laneName(part, lane);
      const found = elementsOf(this.#root, 'TIER').find((tier) => tier.attributes.TIER_ID === name);
      if (!found) return requireTier(this.#root, name, attributes);
      const ours = found.attributes.LINGUISTIC_TYPE_REF === attributes.LINGUISTIC_TYPE_REF;
      if (ours && !this.#taken.get(name)?.some((other) => overlaps(other.span, span))) return found;
    }
  }

  #freeName(wanted: string): string {
    let name = wanted;
    for (let n = 2; find(this.#root, 'TIER', 'TIER_ID', name); n++) name = `${wanted} ${n}`;
    return name;
  }

  #setSlots(element: XmlElement, [start, end]: Span): void {
    this.#newSlots.push({
      milliseconds: start,
      use: (id) => Object.assign(element.attributes, { TIME_SLOT_REF1: id }),
    });
    this.#newSlots.push({ milliseconds: end, use: (id) => Object.assign(element.attributes, { TIME_SLOT_REF2: id }) });
  }

  /** Puts the new time slots among the others in order of time, and takes out those that no annotation names any more. */
  #placeSlots(): void {
    let [order] = elementsOf(this.#root, 'TIME_ORDER');
    if (!order) order = insert(this.#root, newElement('TIME_ORDER'));
    const slots = elementsOf(order);
    const pending = this.#newSlots.sort((a, b) => a.milliseconds - b.milliseconds);
    const firstNumber =
      lastNumber(
        slots.map(({ attributes }) => attributes.TIME_SLOT_ID),
        'ts',
        0,
      ) + 1;
    const created = pending.map(({ milliseconds, use }, i) => {
      const id = `ts${firstNumber + i}`;
      use(id);
      return newElement('TIME_SLOT', { TIME_SLOT_ID: id, TIME_VALUE: String(milliseconds) });
    });
    const merged: XmlElement[] = [];
    let next = 0;
    for (const slot of slots) {
      const time = Number(slot.attributes.TIME_VALUE ?? Number.NaN);
      while (next < created.length && pending[next].milliseconds < time) merged.push(created[next++]);
      merged.push(slot);
    }
    merged.push(...created.slice(next));
    const used = usedSlots(this.#root);
    const kept = merged.filter(({ attributes: { TIME_SLOT_ID: id } }) => used.has(id) || !this.#usedBefore.has(id));
    order.children.splice(0, order.children.length, ...kept);
  }

  #spanOf(instance: Instance): Span {
    const [start, end] = millisecondsOf(instance);
    const from = Math.max(0, start - this.#originMs);
    return [from, Math.max(from + 1, end - this.#originMs)];
  }

  #nextId(): string {
    this.#lastId += 1;
    return `a${this.#lastId}`;
  }
}

// ---- below: internals ----

/** The order of elements in a document, as the schema has it. */
const order = [
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
];

const constraints: Record<string, string> = {
  Time_Subdivision: "Time subdivision of parent annotation's time interval, no time gaps allowed within this interval",
  Symbolic_Subdivision:
    'Symbolic subdivision of a parent annotation. Annotations refering to the same parent are ordered',
  Symbolic_Association: '1-1 association with a parent annotation',
  Included_In: "Time alignable annotations within the parent annotation's time interval, gaps are allowed",
};

function insert(root: XmlElement, element: XmlElement): XmlElement {
  const rank = order.indexOf(element.name);
  const after = root.children.findLastIndex(
    (child) => typeof child === 'object' && 'name' in child && order.indexOf(child.name) <= rank,
  );
  root.children.splice(after + 1, 0, element);
  return element;
}

function find(root: XmlElement, name: string, attribute: string, value: string): XmlElement | undefined {
  return elementsOf(root, name).find(({ attributes }) => attributes[attribute] === value);
}

/** A new tier stands behind the last one whose name it begins with: lanes and what hangs on them stay together. */
function requireTier(root: XmlElement, id: string, attributes: Record<string, string | undefined>): XmlElement {
  const found = find(root, 'TIER', 'TIER_ID', id);
  if (found) return found;
  const tier = newElement('TIER', { TIER_ID: id, ...attributes });
  const kin = elementsOf(root, 'TIER').findLast(({ attributes: { TIER_ID } }) => {
    const stem = TIER_ID.replace(/ (\d+|score|reason)$/, '');
    return id === stem || id.startsWith(`${stem} `);
  });
  if (kin) root.children.splice(root.children.indexOf(kin) + 1, 0, tier);
  else insert(root, tier);
  return tier;
}

function requireType(root: XmlElement, id: string, attributes: Record<string, string>): void {
  if (find(root, 'LINGUISTIC_TYPE', 'LINGUISTIC_TYPE_ID', id)) return;
  insert(root, newElement('LINGUISTIC_TYPE', { LINGUISTIC_TYPE_ID: id, GRAPHIC_REFERENCES: 'false', ...attributes }));
}

function requireConstraint(root: XmlElement, stereotype: string): void {
  if (find(root, 'CONSTRAINT', 'STEREOTYPE', stereotype)) return;
  insert(root, newElement('CONSTRAINT', { STEREOTYPE: stereotype, DESCRIPTION: constraints[stereotype] }));
}

function requireLanguage(root: XmlElement): void {
  if (find(root, 'LANGUAGE', 'LANG_ID', language)) return;
  const definition = { LANG_DEF: 'http://cdb.iso.org/lg/CDB-00130975-001', LANG_LABEL: 'undetermined (und)' };
  insert(root, newElement('LANGUAGE', { LANG_ID: language, ...definition }));
}

const language = 'und';

/** The vocabulary of a body part, with the type that uses it. */
function requireVocabulary(root: XmlElement, part: BodyPart, taxonomy: Taxonomy): XmlElement {
  const id = partType(part);
  const found = find(root, 'CONTROLLED_VOCABULARY', 'CV_ID', id);
  if (found) return found;
  requireType(root, id, { TIME_ALIGNABLE: 'true', CONTROLLED_VOCABULARY_REF: id });
  requireLanguage(root);
  const vocabulary = newElement('CONTROLLED_VOCABULARY', { CV_ID: id }, [
    newElement('DESCRIPTION', { LANG_REF: language }, [taxonomy.name]),
  ]);
  for (const action of taxonomy.actionsOf(part.code)) requireEntry(vocabulary, action);
  return insert(root, vocabulary);
}

/** The id of an action's entry in a vocabulary. */
function requireEntry(vocabulary: XmlElement, action: Action): string {
  for (const entry of elementsOf(vocabulary, 'CV_ENTRY_ML')) {
    if (elementsOf(entry, 'CVE_VALUE').some((value) => textOf(value) === action.name)) return entry.attributes.CVE_ID;
  }
  const taken = new Set(elementsOf(vocabulary, 'CV_ENTRY_ML').map(({ attributes }) => attributes.CVE_ID));
  let id = entryId(action);
  while (taken.has(id)) id += '_';
  const description = action.description ? `${action.code}: ${action.description}` : action.code;
  const value = newElement('CVE_VALUE', { LANG_REF: language, DESCRIPTION: description }, [action.name]);
  vocabulary.children.push(newElement('CV_ENTRY_ML', { CVE_ID: id }, [value]));
  return id;
}

function people(clip: Clip, options: WriteOptions) {
  return { PARTICIPANT: clip.subject, ANNOTATOR: options.model ?? options.author };
}

/** Vocabularies before version 2.8 hold one text an entry and no language. */
function isOldVocabulary(vocabulary: XmlElement): boolean {
  return vocabulary.attributes.DESCRIPTION !== undefined || elementsOf(vocabulary, 'CV_ENTRY').length > 0;
}

/** Brings a document's vocabularies to the form that version 3.0 has. */
function upgrade(root: XmlElement): void {
  requireLanguage(root);
  let entries = 0;
  for (const vocabulary of elementsOf(root, 'CONTROLLED_VOCABULARY').filter(isOldVocabulary)) {
    const { DESCRIPTION } = vocabulary.attributes;
    delete vocabulary.attributes.DESCRIPTION;
    const children = vocabulary.children.map((child) => {
      if (typeof child === 'string' || !('name' in child) || child.name !== 'CV_ENTRY') return child;
      const { DESCRIPTION: description, EXT_REF, CVE_ID = `cveid_${entries++}` } = child.attributes;
      const value = newElement('CVE_VALUE', { LANG_REF: language, DESCRIPTION: description }, child.children);
      return newElement('CV_ENTRY_ML', { CVE_ID, EXT_REF }, [value]);
    });
    const about = newElement('DESCRIPTION', { LANG_REF: language }, DESCRIPTION ? [DESCRIPTION] : []);
    vocabulary.children.splice(0, vocabulary.children.length, about, ...children);
  }
  Object.assign(root.attributes, {
    FORMAT: '3.0',
    VERSION: '3.0',
    'xsi:noNamespaceSchemaLocation': 'http://www.mpi.nl/tools/elan/EAFv3.0.xsd',
  });
}

function difference(wanted: readonly Instance[], before: readonly EafInstance[]) {
  const left = new Map<string, EafInstance[]>();
  for (const entry of before) {
    const key = keyOf(entry.instance);
    left.set(key, [...(left.get(key) ?? []), entry]);
  }
  const added = wanted.filter((instance) => !left.get(keyOf(instance))?.shift());
  return { added, gone: [...left.values()].flat() };
}

function keyOf(instance: Instance): string {
  return JSON.stringify([instance.action, ...millisecondsOf(instance), instance.score, instance.reason]);
}

const overlaps = ([a, b]: Span, [c, d]: Span) => a < d && c < b;

function usedSlots(root: XmlElement): Set<string> {
  const aligned = elementsOf(root, 'TIER')
    .flatMap((tier) => elementsOf(tier, 'ANNOTATION'))
    .flatMap((holder) => elementsOf(holder, 'ALIGNABLE_ANNOTATION'));
  return new Set(aligned.flatMap(({ attributes }) => [attributes.TIME_SLOT_REF1, attributes.TIME_SLOT_REF2]));
}

function lastUsed(header: XmlElement): number {
  const found = elementsOf(header, 'PROPERTY').find(({ attributes }) => attributes.NAME === 'lastUsedAnnotationId');
  return Number(found ? textOf(found) : 0) || 0;
}

/** The greatest n in ids such as `a12`, at least `least`. */
function lastNumber(ids: readonly string[], prefix: string, least: number): number {
  return ids.reduce((most, id) => {
    const number = id.startsWith(prefix) && /^\d+$/.test(id.slice(prefix.length)) ? Number(id.slice(prefix.length)) : 0;
    return Math.max(most, number);
  }, least);
}
