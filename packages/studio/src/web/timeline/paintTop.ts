import { leastBarPixels, paintBar } from './paintBar.ts';
import { barBox } from './paintTiers.ts';
import type { State } from './state.ts';
import { type Tier, tierPadding } from './tierLayout.ts';
import type { TimeLineInstance } from './types.ts';

/** Whether `paintTop` has anything to paint. */
export function hasTop({ selection, drag, pending, marks, hovered }: State): boolean {
  const hovers = hovered?.kind === 'body' || hovered?.kind === 'edge';
  return selection.size > 0 || drag !== undefined || pending !== null || marks !== null || hovers;
}

/** What changes while the tiers stand still: selection, hovering, dragging, marks. */
export function paintTop(context: CanvasRenderingContext2D, state: State): void {
  const { areas } = state;
  context.save();
  context.beginPath();
  context.rect(0, 0, areas.widthPixels, areas.tiers.top + areas.tiers.height);
  context.clip();
  paintMarks(context, state);
  context.beginPath();
  context.rect(0, areas.tiers.top, areas.widthPixels, areas.tiers.height);
  context.clip();
  paintPending(context, state);
  paintDrag(context, state);
  paintHovered(context, state);
  for (const id of state.selection) {
    const edit = state.drag?.edits.get(id);
    const instance = state.byId.get(id);
    if (instance) paintRing(context, state, edit ? { ...instance, ...edit } : instance, state.palette.ink, 2);
  }
  context.restore();
}

// ---- below: internals ----

/** Outside the bar, with a hair of the ground between, so that it shows on every hue. */
function paintRing(
  context: CanvasRenderingContext2D,
  state: State,
  instance: TimeLineInstance,
  colour: string,
  widthPixels: number,
): void {
  const place = state.layout.places.get(instance.id);
  if (!place || instance.start > state.scale.end || instance.end < state.scale.start) return;
  const { left, top, width, height } = barBox(state, instance, place.tier, place.lane);
  context.lineWidth = 1;
  context.strokeStyle = state.palette.ground;
  context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
  const reach = widthPixels / 2;
  context.lineWidth = widthPixels;
  context.strokeStyle = colour;
  context.strokeRect(left - reach, top - reach, width + widthPixels, height + widthPixels);
  context.lineWidth = 1;
}

function paintHovered(context: CanvasRenderingContext2D, state: State): void {
  const { hovered } = state;
  if (state.drag || (hovered?.kind !== 'body' && hovered?.kind !== 'edge')) return;
  if (!state.selection.has(hovered.instance.id)) paintRing(context, state, hovered.instance, state.palette.ink2, 1);
  if (hovered.kind !== 'edge') return;
  const place = state.layout.places.get(hovered.instance.id);
  if (!place) return;
  const box = barBox(state, hovered.instance, place.tier, place.lane);
  context.fillStyle = state.palette.accent;
  context.fillRect(hovered.edge === 'start' ? box.left - 1 : box.left + box.width - 2, box.top - 1, 3, box.height + 2);
}

function paintDrag(context: CanvasRenderingContext2D, state: State): void {
  const { drag, palette, areas, scale } = state;
  if (!drag) return;
  for (const edit of drag.edits.values()) {
    const instance = state.byId.get(edit.id);
    const place = state.layout.places.get(edit.id);
    if (!instance || !place) continue;
    const moved = { ...instance, ...edit };
    paintBar(context, state, moved, place.tier.part, barBox(state, moved, place.tier, place.lane));
    paintRing(context, state, moved, palette.ink, 2);
  }
  if (drag.draft) paintSketch(context, state, drag.draft, [drag.draft.tier]);
  if (drag.caughtAt !== undefined) {
    context.fillStyle = palette.accent;
    context.fillRect(Math.round(scale.toX(drag.caughtAt)), areas.tiers.top, 1, areas.tiers.height);
  }
}

function paintPending(context: CanvasRenderingContext2D, state: State): void {
  const { pending, playhead, layout } = state;
  if (!pending) return;
  const span = { start: pending.start, end: Math.max(pending.end ?? playhead, pending.start) };
  paintSketch(context, state, span, pending.action === undefined ? layout.tiers : tiersOf(state, pending.action));
}

/** Where an instance of an action would go: the action's own tier, or that of its folded part. */
function tiersOf(state: State, action: string): Tier[] {
  const part = state.partOf(action);
  return state.layout.tiers.filter(
    (tier) => tier.part === part && (tier.kind === 'part' || (tier.kind === 'action' && tier.action === action)),
  );
}

function paintSketch(
  context: CanvasRenderingContext2D,
  state: State,
  { start, end }: { readonly start: number; readonly end: number },
  tiers: readonly Tier[],
): void {
  const { scale, palette, areas, scrollTop } = state;
  const left = Math.round(scale.toX(start));
  const width = Math.max(leastBarPixels, Math.round(scale.toX(end)) - left);
  for (const tier of tiers) {
    if (tier.kind === 'layer') continue;
    const top = areas.tiers.top + tier.top - scrollTop + tierPadding - 1;
    const height = tier.height - 2 * tierPadding + 1;
    context.fillStyle = palette.parts[tier.part].hue;
    context.globalAlpha = 0.35;
    context.fillRect(left, top, width, height);
    context.globalAlpha = 1;
    context.strokeStyle = palette.ink;
    context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
  }
}

/** Brackets at start and end, over rows and tiers, and a wash between them. */
function paintMarks(context: CanvasRenderingContext2D, { marks, scale, palette, areas }: State): void {
  if (!marks) return;
  const bottom = areas.tiers.top + areas.tiers.height;
  const { start, end } = marks;
  context.fillStyle = palette.focus;
  if (start !== undefined && end !== undefined) {
    context.globalAlpha = 0.1;
    context.fillRect(scale.toX(start), 0, scale.toX(end) - scale.toX(start), bottom);
    context.globalAlpha = 1;
  }
  for (const [seconds, inwards] of [
    [start, 1],
    [end, -1],
  ] as const) {
    if (seconds === undefined) continue;
    const x = Math.round(scale.toX(seconds));
    context.fillRect(x, 0, 1, bottom);
    context.fillRect(inwards > 0 ? x : x - 6, 0, 7, 2);
    context.fillRect(inwards > 0 ? x : x - 6, bottom - 2, 7, 2);
  }
}
