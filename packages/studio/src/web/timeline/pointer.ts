import type { Drag, DragHost } from './drag.ts';
import { fingerReachPixels, type Hit, hitTest, mouseReachPixels } from './hitTest.ts';
import { BodyDrag, DraftDrag, EdgeDrag } from './instanceDrags.ts';
import { PanDrag, ScrubDrag, WindowDrag, windowSideAt } from './viewDrags.ts';

/** What the pointer asks of the time line, beside what drags do. */
export interface PointerHost extends DragHost {
  select(ids: readonly string[]): void;
  /** The pointer is at a place with nothing pressed, or drags over it, or has left (no hit). */
  point(hit: Hit | undefined, x: number, y: number): void;
}

/** Mouse, pen and fingers on the plot. A press becomes a drag once it has moved a little; two fingers pinch. */
export class Pointer {
  readonly #plot: HTMLElement;
  readonly #host: PointerHost;
  readonly #fingers = new Map<number, { x: number; y: number }>();
  #press: Press | undefined;
  #drag: Drag | undefined;
  #panFrame = 0;
  #x = 0;
  #y = 0;

  constructor(plot: HTMLElement, host: PointerHost, signal: AbortSignal) {
    this.#plot = plot;
    this.#host = host;
    plot.addEventListener('pointerdown', (event) => this.#down(event), { signal });
    plot.addEventListener('pointermove', (event) => this.#move(event), { signal });
    plot.addEventListener('pointerup', (event) => this.#up(event), { signal });
    plot.addEventListener('pointercancel', (event) => this.#lost(event), { signal });
    plot.addEventListener('pointerleave', () => this.#host.point(undefined, 0, 0), { signal });
    plot.addEventListener('dblclick', (event) => this.#open(event), { signal });
    plot.addEventListener('wheel', (event) => this.#wheel(event), { passive: false, signal });
    // The middle button moves the view, and must not start the browser's own scrolling.
    plot.addEventListener('mousedown', (event) => event.button === 1 && event.preventDefault(), { signal });
    // Before the editor hears of it, for which Escape means something else.
    addEventListener(
      'keydown',
      (event) => {
        if (event.key === 'Escape' && this.cancel()) event.stopImmediatePropagation();
      },
      { capture: true, signal },
    );
  }

  /** Ends a drag without a change. @returns whether there was one */
  cancel(): boolean {
    const drag = this.#drag;
    this.#press = undefined;
    drag?.cancel();
    this.#end();
    return drag !== undefined;
  }

  // ---- below: internals ----

  #down(event: PointerEvent): void {
    const { x, y } = this.#place(event);
    if (event.pointerType === 'touch') {
      this.#fingers.set(event.pointerId, { x, y });
      if (this.#fingers.size === 2) {
        this.cancel();
        return;
      }
    }
    if (this.#press || this.#drag || (event.button !== 0 && event.button !== 1)) return;
    this.#plot.setPointerCapture(event.pointerId);
    this.#plot.focus({ preventScroll: true });
    const hit = this.#hit(event, x, y);
    this.#press = { pointerId: event.pointerId, x, y, hit, added: event.shiftKey || event.ctrlKey || event.metaKey };
    if (event.button === 1) this.#begin(new PanDrag(this.#host, x, y));
    else if (hit.kind === 'axis' || hit.kind === 'row') this.#begin(new ScrubDrag(this.#host, x));
    else if (hit.kind === 'overview') this.#begin(new WindowDrag(this.#host, x));
    else if (hit.kind === 'body' || hit.kind === 'edge') this.#selectPressed(hit.instance.id, this.#press.added);
  }

  #move(event: PointerEvent): void {
    const { x, y } = this.#place(event);
    [this.#x, this.#y] = [x, y];
    if (this.#fingers.has(event.pointerId)) {
      if (this.#fingers.size === 2) this.#pinch(event.pointerId, x, y);
      this.#fingers.set(event.pointerId, { x, y });
    }
    const press = this.#press;
    if (!press) {
      if (event.pointerType !== 'touch') this.#hover(event, x, y);
      return;
    }
    if (press.pointerId !== event.pointerId) return;
    if (!this.#drag && Math.hypot(x - press.x, y - press.y) >= slackPixels) {
      const drag = this.#dragFor(press, event.pointerType);
      if (drag) this.#begin(drag);
    }
    if (!this.#drag) return;
    this.#drag.move(x, y);
    this.#host.point(undefined, x, y);
  }

  #up(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId);
    const press = this.#press;
    if (press?.pointerId !== event.pointerId) return;
    const drag = this.#drag;
    this.#press = undefined;
    if (drag) drag.drop();
    else this.#click(press);
    this.#end();
    if (event.pointerType !== 'touch') this.#hover(event, this.#x, this.#y);
  }

  #lost(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId);
    if (this.#press?.pointerId === event.pointerId) this.cancel();
  }

  #dragFor({ hit, x, y }: Press, pointerType: string): Drag | undefined {
    const { state } = this.#host;
    if (hit.kind === 'body' || hit.kind === 'edge') {
      if (state.readOnly || !state.isOwn(hit.instance.id)) return undefined;
      if (hit.kind === 'edge') return new EdgeDrag(this.#host, hit.instance, hit.edge, x);
      return new BodyDrag(this.#host, hit.instance, x);
    }
    // With a finger one moves about; drawing by accident would cost more than drawing with the keys or buttons.
    if (pointerType === 'touch' || hit.kind === 'nothing') return new PanDrag(this.#host, x, y);
    if (hit.kind !== 'tier') return undefined;
    if (state.readOnly || hit.tier.kind === 'layer') return new ScrubDrag(this.#host, x);
    return new DraftDrag(this.#host, hit.tier, x);
  }

  /** One that is already selected among others stays so until the button is let go: they may be dragged together. */
  #selectPressed(id: string, added: boolean): void {
    const { selection } = this.#host.state;
    if (!added) {
      if (!selection.has(id)) this.#host.select([id]);
    } else if (selection.has(id)) this.#host.select([...selection].filter((other) => other !== id));
    else this.#host.select([...selection, id]);
  }

  #click({ hit, x, added }: Press): void {
    const { state, events } = this.#host;
    if (hit.kind === 'body' || hit.kind === 'edge') {
      if (!added && state.selection.size > 1) this.#host.select([hit.instance.id]);
    } else if (hit.kind === 'tier') {
      if (!added && state.selection.size > 0) this.#host.select([]);
      events.seek?.(state.scale.toSeconds(x));
    }
  }

  #open(event: MouseEvent): void {
    const { x, y } = this.#place(event);
    const hit = hitTest(this.#host.state, x, y);
    if (hit.kind === 'body' || hit.kind === 'edge') this.#host.events.open?.(hit.instance.id);
  }

  #hit(event: PointerEvent, x: number, y: number): Hit {
    return hitTest(this.#host.state, x, y, event.pointerType === 'touch' ? fingerReachPixels : mouseReachPixels);
  }

  #hover(event: PointerEvent, x: number, y: number): void {
    const hit = this.#hit(event, x, y);
    this.#plot.style.cursor = this.#cursorOver(hit, x);
    this.#host.point(hit, x, y);
  }

  #cursorOver(hit: Hit, x: number): string {
    const { state } = this.#host;
    if (hit.kind === 'overview') return windowSideAt(this.#host, x) === 'middle' ? 'grab' : 'ew-resize';
    if (hit.kind === 'body' || hit.kind === 'edge') {
      const fixed = state.readOnly || !state.isOwn(hit.instance.id);
      return fixed ? 'pointer' : hit.kind === 'edge' ? 'ew-resize' : 'grab';
    }
    return hit.kind === 'tier' && !state.readOnly && hit.tier.kind !== 'layer' ? 'crosshair' : 'default';
  }

  #begin(drag: Drag): void {
    this.#drag = drag;
    this.#plot.style.cursor = drag.cursor;
    this.#host.point(undefined, 0, 0);
    if (drag.pansAtBorder) this.#panFrame = requestAnimationFrame((time) => this.#pan(time, time));
  }

  #end(): void {
    this.#drag = undefined;
    cancelAnimationFrame(this.#panFrame);
    this.#host.point(undefined, 0, 0);
  }

  /** Moves the view while the pointer is near its border: the nearer, the faster. Times in milliseconds. */
  #pan(now: number, before: number): void {
    const { state } = this.#host;
    const depth = borderDepth(this.#x, state.scale.width);
    const towards = depth * (this.#x - (this.#press?.x ?? this.#x)) > 0;
    if (this.#drag && towards) {
      const seconds = depth * borderViewsPerSecond * state.scale.span * (Math.min(50, now - before) / 1000);
      const panned = state.scale.panned(seconds);
      if (panned.start !== state.scale.start) {
        this.#host.setScale(panned);
        this.#drag.move(this.#x, this.#y);
      }
    }
    if (this.#drag) this.#panFrame = requestAnimationFrame((time) => this.#pan(time, now));
  }

  /** Two fingers: their distance zooms, their middle moves. */
  #pinch(moved: number, x: number, y: number): void {
    const before = [...this.#fingers.values()];
    const after = [...this.#fingers].map(([id, place]) => (id === moved ? { x, y } : place));
    const [wasApart, isApart] = [before, after].map(([a, b]) => Math.max(20, Math.hypot(a.x - b.x, a.y - b.y)));
    const [was, is] = [before, after].map(([a, b]) => (a.x + b.x) / 2);
    const { scale } = this.#host.state;
    const zoomed = scale.zoomed(isApart / wasApart, scale.toSeconds(was));
    this.#host.setScale(zoomed.panned(((was - is) / zoomed.width) * zoomed.span));
  }

  /** With ctrl or a pinch zoom; with shift, sideways, or where there is nothing below, through time; else tiers. */
  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const { state } = this.#host;
    const { scale, areas, layout } = state;
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? linePixels : 1;
    const [across, down] = [event.deltaX * pixels, event.deltaY * pixels];
    const { x, y } = this.#place(event);
    if (event.ctrlKey || event.metaKey) {
      const strength = Math.max(-60, Math.min(60, down));
      this.#host.setScale(scale.zoomed(Math.exp(-strength / 150), scale.toSeconds(x)));
    } else {
      const overTiers = y >= areas.tiers.top && y < areas.axis.top;
      const scrolls = !event.shiftKey && overTiers && layout.heightPixels > areas.tiers.height;
      const sideways = scrolls ? across : across || down;
      if (sideways !== 0) this.#host.setScale(scale.panned((sideways / scale.width) * scale.span));
      if (scrolls && down !== 0) this.#host.scrollTo(state.scrollTop + down);
    }
    if (this.#drag) this.#drag.move(this.#x, this.#y);
    else this.#host.point(hitTest(state, x, y), x, y);
  }

  #place(event: MouseEvent): { x: number; y: number } {
    const { left, top } = this.#plot.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }
}

interface Press {
  readonly pointerId: number;
  readonly x: number;
  readonly y: number;
  readonly hit: Hit;
  /** To the selection, or out of it: with shift, ctrl or cmd. */
  readonly added: boolean;
}

/** A press that moves less is a click. */
const slackPixels = 3;
const linePixels = 16;
const borderPixels = 28;
const borderViewsPerSecond = 0.8;

/** 0 away from the borders, to 1 at the right one or beyond, -1 at the left. */
function borderDepth(x: number, width: number): number {
  if (x < borderPixels) return -Math.min(1, (borderPixels - x) / borderPixels);
  if (x > width - borderPixels) return Math.min(1, (x - width + borderPixels) / borderPixels);
  return 0;
}
