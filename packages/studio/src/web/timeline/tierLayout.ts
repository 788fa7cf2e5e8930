import type { Action, Taxonomy } from 'microaction';
import { assignLanes } from 'microaction/time-line';
import type { TimeLineInstance, TimeLineLayer } from './types.ts';

/** A horizontal band of the time line, in pixels from the top of all tiers. */
export interface Tier {
  /** Unique among the tiers. */
  readonly key: string;
  /** A folded body part, the heading of an unfolded one, one of its actions, or what somebody else coded. */
  readonly kind: 'part' | 'heading' | 'action' | 'layer';
  /** Position in `Taxonomy.bodyParts`. */
  readonly part: number;
  /** Of tiers of one action. */
  readonly action?: string;
  readonly layer?: TimeLineLayer;
  readonly top: number;
  readonly height: number;
  readonly laneHeight: number;
  /** Each in order of time, without overlap. */
  readonly lanes: readonly (readonly TimeLineInstance[])[];
}

/** Where an instance stands. */
export interface Place {
  readonly tier: Tier;
  /** Position in `Tier.lanes`. */
  readonly lane: number;
}

export interface TierLayout {
  readonly tiers: readonly Tier[];
  readonly heightPixels: number;
  readonly places: ReadonlyMap<string, Place>;
}

export interface TierContent {
  readonly taxonomy: Taxonomy;
  readonly instances: readonly TimeLineInstance[];
  readonly layers: readonly TimeLineLayer[];
  /** Codes of body parts that show a tier an action. */
  readonly unfolded: ReadonlySet<string>;
}

/** Room above and below the lanes of a tier. */
export const tierPadding = 3;

/** One tier a body part or action, as high as its overlaps need. Lanes get lower where that makes all tiers fit. */
export function layOutTiers(content: TierContent, roomPixels: number): TierLayout {
  const drafts = tierDrafts(content);
  const heightWith = (lanePixels: number) => drafts.reduce((sum, draft) => sum + tierHeight(draft, lanePixels), 0);
  const lanePixels = lanePixelChoices.find((pixels) => heightWith(pixels) <= roomPixels) ?? comfortableLanePixels;

  const places = new Map<string, Place>();
  let top = 0;
  const tiers = drafts.map((draft) => {
    const tier: Tier = {
      ...draft,
      top,
      height: tierHeight(draft, lanePixels),
      laneHeight: laneHeight(draft, lanePixels),
    };
    top += tier.height;
    tier.lanes.forEach((lane, i) => {
      for (const { id } of lane) places.set(id, { tier, lane: i });
    });
    return tier;
  });
  return { tiers, heightPixels: top, places };
}

/** Top of a lane's bars, in pixels from the top of all tiers. */
export function laneTop(tier: Tier, lane: number): number {
  return tier.top + tierPadding + lane * tier.laneHeight;
}

/** The tier at a height, by halving; undefined above the first and below the last. */
export function tierAt(tiers: readonly Tier[], y: number): Tier | undefined {
  let low = 0;
  let high = tiers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tiers[middle].top + tiers[middle].height > y) high = middle;
    else low = middle + 1;
  }
  return tiers[low] && tiers[low].top <= y ? tiers[low] : undefined;
}

// ---- below: internals ----

/** Instances by the canonical name of their action. */
type Groups = ReadonlyMap<string, readonly TimeLineInstance[]>;

type TierDraft = Omit<Tier, 'top' | 'height' | 'laneHeight'>;

/** A name still fits a bar of that lane. */
const leastLanePixels = 14;
const lanePixelChoices = [22, 20, 18, 16, leastLanePixels];
/** Where not even the least make all tiers fit, and one scrolls anyway. */
const comfortableLanePixels = 20;
const headingPixels = 20;
const layerShare = 0.8;

function laneHeight(draft: TierDraft, lanePixels: number): number {
  return draft.kind === 'layer' ? Math.max(leastLanePixels, Math.round(lanePixels * layerShare)) : lanePixels;
}

function tierHeight(draft: TierDraft, lanePixels: number): number {
  if (draft.kind === 'heading') return headingPixels;
  return Math.max(1, draft.lanes.length) * laneHeight(draft, lanePixels) + 2 * tierPadding;
}

function tierDrafts({ taxonomy, instances, layers, unfolded }: TierContent): TierDraft[] {
  const own = groupByAction(instances, taxonomy);
  const others = layers.map((layer) => ({ layer, groups: groupByAction(layer.instances, taxonomy) }));
  // Where one of them saw something, that the others saw nothing is worth a tier, too.
  const othersOf = (actions: readonly string[]) =>
    others.some(({ groups }) => actions.some((action) => groups.has(action))) ? others : [];
  return taxonomy.bodyParts.flatMap(({ code }, part) => {
    const actions = inOrderOfCode(taxonomy.actionsOf(code)).map(({ name }) => name);
    const draft = (key: string, more: Pick<TierDraft, 'kind' | 'action' | 'layer' | 'lanes'>) => ({
      key,
      part,
      ...more,
    });
    const lanesOf = (groups: Groups, names: readonly string[]) =>
      assignLanes(names.flatMap((name) => groups.get(name) ?? []));
    if (!unfolded.has(code)) {
      return [
        draft(code, { kind: 'part', lanes: lanesOf(own, actions) }),
        ...othersOf(actions).map(({ layer, groups }) =>
          draft(`${code} ${layer.id}`, { kind: 'layer', layer, lanes: lanesOf(groups, actions) }),
        ),
      ];
    }
    return [
      draft(code, { kind: 'heading', lanes: [] }),
      ...actions.flatMap((action) => [
        draft(`${code}/${action}`, { kind: 'action', action, lanes: lanesOf(own, [action]) }),
        ...others
          .filter(({ groups }) => groups.has(action))
          .map(({ layer, groups }) =>
            draft(`${code}/${action} ${layer.id}`, { kind: 'layer', action, layer, lanes: lanesOf(groups, [action]) }),
          ),
      ]),
    ];
  });
}

/** As the palette of labels and the manual have them: B2 before B10. */
function inOrderOfCode(actions: readonly Action[]): Action[] {
  return [...actions].sort((a, b) => a.code.localeCompare(b.code, 'en', { numeric: true }));
}

/** @throws UserError `unknown-action` for an action that the taxonomy does not have */
function groupByAction(instances: readonly TimeLineInstance[], taxonomy: Taxonomy): Groups {
  const groups = new Map<string, TimeLineInstance[]>();
  const known = new Set(taxonomy.actions.map(({ name }) => name));
  for (const instance of instances) {
    const name = known.has(instance.action) ? instance.action : taxonomy.get(instance.action).name;
    const group = groups.get(name);
    if (group) group.push(instance);
    else groups.set(name, [instance]);
  }
  return groups;
}
