import { firstEndingAfter } from 'microaction/time-line';
import { contains } from './areas.ts';
import { leastBarPixels } from './paintBar.ts';
import type { State } from './state.ts';
import { type Tier, tierAt, tierPadding } from './tierLayout.ts';
import type { TimeLineInstance } from './types.ts';

/** What is at a point of the plot. */
export type Hit =
  | { readonly kind: 'edge'; readonly instance: TimeLineInstance; readonly edge: Edge }
  | { readonly kind: 'body'; readonly instance: TimeLineInstance }
  | { readonly kind: 'tier'; readonly tier: Tier }
  | { readonly kind: 'row' | 'axis' | 'overview' | 'nothing' };

/** As much of the state as is needed to know what is where. */
export type Scene = Pick<State, 'areas' | 'scale' | 'scrollTop' | 'layout' | 'selection'>;

export type Edge = 'start' | 'end';

/**
 * Edges reach `reachPixels` beyond their bar, and as far into it as leaves a third of it to the body. Beyond their bar
 * they give way to other bars, unless their instance is selected: then they win over all, so that a tiny bar among
 * neighbours can be caught once it is selected.
 *
 * @param x - in pixels from the left of the plot
 * @param reachPixels - at least 6; more for a finger
 */
export function hitTest(state: Scene, x: number, y: number, reachPixels = mouseReachPixels): Hit {
  const { areas } = state;
  if (contains(areas.axis, y)) return { kind: 'axis' };
  if (contains(areas.overview, y)) return { kind: 'overview' };
  if (areas.rows.some((row) => contains(row, y))) return { kind: 'row' };
  if (!contains(areas.tiers, y)) return { kind: 'nothing' };
  const yInTiers = y - areas.tiers.top + state.scrollTop;
  const tier = tierAt(state.layout.tiers, yInTiers);
  if (!tier) return { kind: 'nothing' };
  const lane = tier.lanes[Math.floor((yInTiers - tier.top - tierPadding) / tier.laneHeight)];
  return (lane && hitLane(state, lane, x, reachPixels)) ?? { kind: 'tier', tier };
}

export const mouseReachPixels = 6;
export const fingerReachPixels = 14;

// ---- below: internals ----

/** Selected before the bar under the point, that before others nearby. */
function hitLane(state: Scene, lane: readonly TimeLineInstance[], x: number, reachPixels: number): Hit | undefined {
  const { scale, selection } = state;
  let under: Hit | undefined;
  let edgeUnder: EdgeHit | undefined;
  let edgeSelected: EdgeHit | undefined;
  let edgeNear: EdgeHit | undefined;
  const from = Math.max(0, firstEndingAfter(lane, scale.toSeconds(x - reachPixels - leastBarPixels)) - 1);
  for (let i = from; i < lane.length; i++) {
    const instance = lane[i];
    const left = Math.round(scale.toX(instance.start));
    if (left - reachPixels > x) break;
    const right = Math.max(left + leastBarPixels, Math.round(scale.toX(instance.end)));
    const edge = nearerEdge(instance, left, right, x, reachPixels);
    if (x >= left && x < right) {
      under = { kind: 'body', instance };
      edgeUnder = edge;
    }
    if (!edge) continue;
    if (selection.has(instance.id)) edgeSelected = nearer(edgeSelected, edge);
    else edgeNear = nearer(edgeNear, edge);
  }
  return edgeSelected ?? edgeUnder ?? under ?? edgeNear;
}

type EdgeHit = Extract<Hit, { kind: 'edge' }> & { readonly away: number };

const nearer = (a: EdgeHit | undefined, b: EdgeHit) => (a && a.away <= b.away ? a : b);

function nearerEdge(
  instance: TimeLineInstance,
  left: number,
  right: number,
  x: number,
  reachPixels: number,
): EdgeHit | undefined {
  const edge = x - left < right - x ? 'start' : 'end';
  const outwards = edge === 'start' ? left - x : x - right;
  const away = Math.abs(outwards);
  const reach = outwards > 0 ? reachPixels : Math.min(reachPixels, (right - left) / 3);
  return away <= reach ? { kind: 'edge', instance, edge, away } : undefined;
}
