import type { Span } from 'microaction/time-line';
import type { Drag, DragHost } from './drag.ts';
import { bodyMoved, drawnSpan, edgeMoved, nearestTarget } from './snapping.ts';
import type { DragShown, State } from './state.ts';
import type { Tier } from './tierLayout.ts';
import type { TimeLineEdit, TimeLineInstance } from './types.ts';

/** Moves one edge of an instance; the other stays. */
export class EdgeDrag implements Drag {
  readonly cursor = 'ew-resize';
  readonly pansAtBorder = true;
  readonly #host: DragHost;
  readonly #instance: TimeLineInstance;
  readonly #edge: 'start' | 'end';
  readonly #grabbedPixels: number;
  readonly #targets: Float64Array;
  #span: Span;

  /** @param x - where it was taken; the edge keeps its distance from the pointer */
  constructor(host: DragHost, instance: TimeLineInstance, edge: 'start' | 'end', x: number) {
    this.#host = host;
    this.#instance = instance;
    this.#edge = edge;
    this.#grabbedPixels = x - host.state.scale.toX(instance[edge]);
    this.#targets = targetsOf(host.state, new Set([instance.id]));
    this.#span = instance;
  }

  move(x: number): void {
    const { state } = this.#host;
    const seconds = state.scale.toSeconds(x - this.#grabbedPixels);
    const caught = nearestTarget(this.#targets, seconds, reachSeconds(state));
    this.#span = edgeMoved(state.grid, this.#instance, this.#edge, caught ?? seconds);
    const landed = this.#span[this.#edge];
    const edit = { id: this.#instance.id, start: this.#span.start, end: this.#span.end };
    show(this.#host, { edits: new Map([[edit.id, edit]]), caughtAt: shownCatch(state, caught, landed) });
    this.#host.events.preview?.({ ...edit, seconds: landed });
  }

  drop(): void {
    const { id, start, end } = this.#instance;
    const moved = this.#span.start !== start || this.#span.end !== end;
    finish(this.#host);
    if (moved && this.#host.state.byId.has(id))
      this.#host.events.change?.([{ id, start: this.#span.start, end: this.#span.end }]);
  }

  cancel(): void {
    finish(this.#host);
  }
}

/** Moves instances as a whole: the one that was taken, and with it all others that are selected. */
export class BodyDrag implements Drag {
  readonly cursor = 'grabbing';
  readonly pansAtBorder = true;
  readonly #host: DragHost;
  readonly #taken: TimeLineInstance;
  readonly #others: readonly TimeLineInstance[];
  readonly #grabbedPixels: number;
  readonly #targets: Float64Array;
  #edits: readonly TimeLineEdit[] = [];

  constructor(host: DragHost, taken: TimeLineInstance, x: number) {
    const { state } = host;
    this.#host = host;
    this.#taken = taken;
    this.#others = state.instances.filter(({ id }) => id !== taken.id && state.selection.has(id));
    this.#grabbedPixels = x - state.scale.toX(taken.start);
    this.#targets = targetsOf(state, new Set([taken.id, ...this.#others.map(({ id }) => id)]));
  }

  move(x: number): void {
    const { state, events } = this.#host;
    const { scale, grid } = state;
    const { id, start } = this.#taken;
    // Not `toSeconds`, which stops at the ends of the video, where the pointer may be while the start is far off.
    const wanted = scale.start + ((x - this.#grabbedPixels) / scale.width) * scale.span;
    const { by, caught } = this.#catch(wanted);
    const moved = bodyMoved(grid, this.#taken, wanted + by);
    const shift = moved.start - start;
    const others = this.#others.map((other) => ({ id: other.id, ...bodyMoved(grid, other, other.start + shift) }));
    this.#edits = [{ id, ...moved }, ...others];
    const landed = caught?.edge === 'end' ? moved.end : moved.start;
    show(this.#host, {
      edits: new Map(this.#edits.map((edit) => [edit.id, edit])),
      caughtAt: shownCatch(state, caught?.seconds, landed),
    });
    events.preview?.({ id, ...moved, seconds: landed });
  }

  drop(): void {
    // What was taken away meanwhile, by undo or another window, stays away.
    const edits = this.#edits.filter(({ id, start, end }) => {
      const before = this.#host.state.byId.get(id);
      return before && (before.start !== start || before.end !== end);
    });
    finish(this.#host);
    if (edits.length > 0) this.#host.events.change?.(edits);
  }

  cancel(): void {
    finish(this.#host);
  }

  /** Whichever edge is nearer to something to catch on, and how far the whole must go for that. */
  #catch(start: number): { by: number; caught?: { edge: 'start' | 'end'; seconds: number } } {
    const reach = reachSeconds(this.#host.state);
    const length = this.#taken.end - this.#taken.start;
    const atStart = nearestTarget(this.#targets, start, reach);
    const atEnd = nearestTarget(this.#targets, start + length, reach);
    const byStart = atStart === undefined ? Number.POSITIVE_INFINITY : atStart - start;
    const byEnd = atEnd === undefined ? Number.POSITIVE_INFINITY : atEnd - (start + length);
    if (atStart !== undefined && Math.abs(byStart) <= Math.abs(byEnd)) {
      return { by: byStart, caught: { edge: 'start', seconds: atStart } };
    }
    if (atEnd !== undefined) return { by: byEnd, caught: { edge: 'end', seconds: atEnd } };
    return { by: 0 };
  }
}

/** Draws a new instance in an empty place of a tier. */
export class DraftDrag implements Drag {
  readonly cursor = 'crosshair';
  readonly pansAtBorder = true;
  readonly #host: DragHost;
  readonly #tier: Tier;
  readonly #from: number;
  readonly #targets: Float64Array;
  #span: Span | undefined;

  constructor(host: DragHost, tier: Tier, x: number) {
    this.#host = host;
    this.#tier = tier;
    this.#targets = targetsOf(host.state, new Set());
    const seconds = host.state.scale.toSeconds(x);
    this.#from = nearestTarget(this.#targets, seconds, reachSeconds(host.state)) ?? seconds;
  }

  move(x: number): void {
    const { state, events } = this.#host;
    const seconds = state.scale.toSeconds(x);
    const caught = nearestTarget(this.#targets, seconds, reachSeconds(state));
    this.#span = spanBetween(state, this.#from, caught ?? seconds);
    const landed = (caught ?? seconds) < this.#from ? this.#span.start : this.#span.end;
    show(this.#host, {
      edits: new Map(),
      draft: { tier: this.#tier, ...this.#span },
      caughtAt: shownCatch(state, caught, landed),
    });
    events.preview?.({ ...this.#span, seconds: landed });
  }

  drop(): void {
    const { part, action } = this.#tier;
    const { code } = this.#host.state.taxonomy.bodyParts[part];
    finish(this.#host);
    if (this.#span) this.#host.events.create?.({ part: code, action, start: this.#span.start, end: this.#span.end });
  }

  cancel(): void {
    finish(this.#host);
  }
}

// ---- below: internals ----

const catchPixels = 7;

function reachSeconds({ snap, scale }: State): number {
  return snap ? (catchPixels / scale.width) * scale.span : -1;
}

/** What drags catch on: playhead, marks, and the edges of all instances but those dragged. Ascending. */
function targetsOf(state: State, dragged: ReadonlySet<string>): Float64Array {
  const targets = [state.playhead];
  if (state.marks?.start !== undefined) targets.push(state.marks.start);
  if (state.marks?.end !== undefined) targets.push(state.marks.end);
  for (const { id, start, end } of state.byId.values()) if (!dragged.has(id)) targets.push(start, end);
  return Float64Array.from(targets).sort();
}

/** What it caught on, where the edge came to stand there: a neighbour's edge may lie between frames. */
function shownCatch({ grid }: State, caught: number | undefined, landed: number): number | undefined {
  return caught !== undefined && grid.nearest(caught) === landed ? landed : undefined;
}

/** From boundary to boundary, at least the frame that the first moment lies in. */
function spanBetween({ grid }: State, from: number, to: number): Span {
  const [start, end] = [grid.nearest(Math.min(from, to)), grid.nearest(Math.max(from, to))];
  return start < end ? { start, end } : drawnSpan(grid, from, from);
}

function show(host: DragHost, drag: DragShown): void {
  const began = host.state.drag === undefined;
  host.state.drag = drag;
  if (began) host.invalidate('base');
  host.invalidate('top');
}

function finish(host: DragHost): void {
  host.state.drag = undefined;
  host.invalidate('base', 'top');
  host.events.preview?.(null);
}
