import { UserError } from '../../errors.ts';
import { Problems, shown } from '../../problems.ts';
import { elementsOf, textOf, type XmlElement } from './xml.ts';

export type Constraint = 'Time_Subdivision' | 'Included_In' | 'Symbolic_Subdivision' | 'Symbolic_Association';

/** Milliseconds on the document's own time line. */
export type Span = readonly [start: number, end: number];

export interface EafTier {
  readonly id: string;
  readonly element: XmlElement;
  readonly type: string;
  readonly parent?: string;
  readonly constraint?: Constraint;
  readonly annotations: EafAnnotation[];
}

export interface EafAnnotation {
  readonly id: string;
  readonly tier: EafTier;
  /** The `ANNOTATION` around it. */
  readonly holder: XmlElement;
  /** `ALIGNABLE_ANNOTATION` or `REF_ANNOTATION`. */
  readonly element: XmlElement;
  readonly value: string;
  /** Id of the annotation that a `REF_ANNOTATION` hangs on. */
  readonly ref?: string;
}

/** An ELAN document as tiers of annotations whose times are known. Does not change the tree it looks at. */
export class EafDocument {
  readonly tiers: ReadonlyMap<string, EafTier>;
  readonly annotations: ReadonlyMap<string, EafAnnotation>;
  readonly root: XmlElement;
  readonly #slots = new Map<string, number | undefined>();
  readonly #spans = new Map<string, Span | undefined>();
  readonly #byRef = new Map<string, EafAnnotation[]>();

  /** @throws UserError `bad-annotations` where ids repeat or references lead nowhere */
  constructor(root: XmlElement, source: string) {
    this.root = root;
    if (root.name !== 'ANNOTATION_DOCUMENT') {
      throw new UserError(
        'bad-annotations',
        `${source}: found the XML element <${root.name}>, expected <ANNOTATION_DOCUMENT> as ELAN writes it`,
      );
    }
    const problems = new Problems(source);
    const unit = this.header.attributes.TIME_UNITS ?? 'milliseconds';
    if (unit !== 'milliseconds') problems.add('HEADER', `TIME_UNITS: found ${shown(unit)}, expected "milliseconds"`);
    this.#readSlots(problems);
    this.tiers = this.#readTiers(problems);
    this.annotations = this.#indexAnnotations(problems);
    problems.throwIfAny();
    for (const tier of this.tiers.values()) this.#interpolate(tier);
  }

  get header(): XmlElement {
    return elementsOf(this.root, 'HEADER')[0] ?? { name: 'HEADER', attributes: {}, children: [] };
  }

  /** When an annotation is, by its slots or its parent's; undefined where no slot leads to a time. */
  spanOf(annotation: EafAnnotation): Span | undefined {
    return this.#spanOf(annotation, new Set());
  }

  /** The annotations that refer to one, in file order. */
  refsTo(id: string): readonly EafAnnotation[] {
    return this.#byRef.get(id) ?? [];
  }

  #readSlots(problems: Problems): void {
    for (const slot of elementsOf(this.root, 'TIME_ORDER').flatMap((order) => elementsOf(order, 'TIME_SLOT'))) {
      const { TIME_SLOT_ID: id, TIME_VALUE: value } = slot.attributes;
      if (id === undefined || this.#slots.has(id)) problems.add(at(slot), `TIME_SLOT_ID ${shown(id)} must be unique`);
      if (value !== undefined && !/^\s*\d+\s*$/.test(value)) {
        problems.add(at(slot), `TIME_VALUE: found ${shown(value)}, expected whole milliseconds`);
      }
      this.#slots.set(id, value === undefined ? undefined : Number(value));
    }
  }

  #readTiers(problems: Problems): Map<string, EafTier> {
    const constraints = new Map(
      elementsOf(this.root, 'LINGUISTIC_TYPE').map(({ attributes }) => [
        attributes.LINGUISTIC_TYPE_ID,
        attributes.CONSTRAINTS?.replaceAll(' ', '_') as Constraint | undefined,
      ]),
    );
    const tiers = new Map<string, EafTier>();
    for (const element of elementsOf(this.root, 'TIER')) {
      const { TIER_ID: id, LINGUISTIC_TYPE_REF: type = '', PARENT_REF: parent } = element.attributes;
      if (id === undefined || tiers.has(id)) problems.add(at(element), `TIER_ID ${shown(id)} must be unique`);
      const tier: EafTier = { id, element, type, parent, constraint: constraints.get(type), annotations: [] };
      tiers.set(id, tier);
      for (const holder of elementsOf(element, 'ANNOTATION')) {
        const inner = elementsOf(holder).find(({ name }) => /^(ALIGNABLE|REF)_ANNOTATION$/.test(name));
        if (!inner) problems.add(at(holder), 'found an empty ANNOTATION');
        else tier.annotations.push(annotationOf(tier, holder, inner));
      }
    }
    for (const { id, parent, element } of tiers.values()) {
      if (parent === undefined || tiers.has(parent)) continue;
      problems.add(at(element), `tier ${shown(id)} hangs on the tier ${shown(parent)}, which is not there`);
    }
    return tiers;
  }

  #indexAnnotations(problems: Problems): Map<string, EafAnnotation> {
    const byId = new Map<string, EafAnnotation>();
    const all = [...this.tiers.values()].flatMap((tier) => tier.annotations);
    for (const annotation of all) {
      const { id, element } = annotation;
      if (id === undefined || byId.has(id)) problems.add(at(element), `ANNOTATION_ID ${shown(id)} must be unique`);
      byId.set(id, annotation);
    }
    for (const annotation of all) {
      const { id, element, ref } = annotation;
      if (element.name === 'REF_ANNOTATION') {
        if (!byId.has(ref ?? '')) problems.add(at(element), `${id} refers to ${shown(ref)}, which is not there`);
        const siblings = this.#byRef.get(ref ?? '');
        if (siblings) siblings.push(annotation);
        else this.#byRef.set(ref ?? '', [annotation]);
        continue;
      }
      for (const slot of slotsOf(element)) {
        if (!this.#slots.has(slot))
          problems.add(at(element), `${id} names the time slot ${shown(slot)}, which is not there`);
      }
    }
    return byId;
  }

  /** Gives times to slots without one: evenly between the timed ones at the ends of their chain. */
  #interpolate(tier: EafTier): void {
    const spans = tier.annotations.filter(({ element }) => element.name === 'ALIGNABLE_ANNOTATION');
    const next = new Map(spans.map(({ element }) => slotsOf(element)));
    for (const first of next.keys()) {
      const from = this.#slots.get(first);
      if (from === undefined) continue;
      const untimed: string[] = [];
      let slot = next.get(first);
      while (slot !== undefined && this.#slots.get(slot) === undefined && !untimed.includes(slot)) {
        untimed.push(slot);
        slot = next.get(slot);
      }
      const to = slot === undefined ? undefined : this.#slots.get(slot);
      if (to === undefined) continue;
      untimed.forEach((id, i) => {
        this.#slots.set(id, from + ((to - from) * (i + 1)) / (untimed.length + 1));
      });
    }
  }

  #spanOf(annotation: EafAnnotation, above: Set<string>): Span | undefined {
    const { id, element, ref } = annotation;
    if (this.#spans.has(id)) return this.#spans.get(id);
    let span: Span | undefined;
    if (element.name === 'ALIGNABLE_ANNOTATION') {
      const [start, end] = slotsOf(element).map((slot) => this.#slots.get(slot));
      span = start === undefined || end === undefined ? undefined : [start, end];
    } else if (!above.has(id)) {
      const parent = this.annotations.get(ref ?? '');
      const whole = parent && this.#spanOf(parent, above.add(id));
      span = whole && this.#partOf(whole, annotation);
    }
    this.#spans.set(id, span);
    return span;
  }

  #partOf([start, end]: Span, annotation: EafAnnotation): Span {
    if (annotation.tier.constraint !== 'Symbolic_Subdivision') return [start, end];
    const siblings = inChainOrder(this.refsTo(annotation.ref ?? '').filter(({ tier }) => tier === annotation.tier));
    const position = siblings.indexOf(annotation);
    const step = (end - start) / siblings.length;
    return [start + position * step, start + (position + 1) * step];
  }
}

/** The line of an element, for messages. */
export const at = (element: XmlElement): string => `line ${element.line ?? '?'}`;

// ---- below: internals ----

function annotationOf(tier: EafTier, holder: XmlElement, element: XmlElement): EafAnnotation {
  const { ANNOTATION_ID: id, ANNOTATION_REF: ref } = element.attributes;
  return { id, tier, holder, element, ref, value: textOf(elementsOf(element, 'ANNOTATION_VALUE')[0]) };
}

function slotsOf({ attributes }: XmlElement): [string, string] {
  return [attributes.TIME_SLOT_REF1, attributes.TIME_SLOT_REF2];
}

/** As PREVIOUS_ANNOTATION chains them; what is outside the chain follows in file order. */
function inChainOrder(siblings: readonly EafAnnotation[]): EafAnnotation[] {
  const after = new Map(siblings.map((annotation) => [annotation.element.attributes.PREVIOUS_ANNOTATION, annotation]));
  const chain = new Set<EafAnnotation>();
  for (let next = after.get(undefined as never); next && !chain.has(next); next = after.get(next.id)) chain.add(next);
  return [...chain, ...siblings.filter((annotation) => !chain.has(annotation))];
}
