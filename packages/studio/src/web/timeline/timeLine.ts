import { TimeScale } from 'microaction/time-line';
import { TextFitter } from './fitText.ts';
import { FrameGrid } from './frameGrid.ts';
import { Gutter } from './gutter.ts';
import type { Hit } from './hitTest.ts';
import { Mirror } from './mirror.ts';
import { type Direction, inOrder, nextInstance } from './order.ts';
import { readPalette } from './palette.ts';
import { Pointer } from './pointer.ts';
import { nudged } from './snapping.ts';
import { State } from './state.ts';
import { canvasFont, Surface } from './surface.ts';
import { laneTop, tierPadding } from './tierLayout.ts';
import { Tip } from './tip.ts';
import type {
  TimeLineEdit,
  TimeLineEvents,
  TimeLineInstance,
  TimeLineLayer,
  TimeLineMarks,
  TimeLineOptions,
  TimeLinePending,
  TimeLineRow,
  TimeLineTexts,
} from './types.ts';

export type { FrameGrid } from './frameGrid.ts';
export type { Direction } from './order.ts';
export type * from './types.ts';

/** An edge of an instance and when it is. */
export interface TimeLineEdge {
  readonly id: string;
  readonly edge: 'start' | 'end';
  readonly seconds: number;
}

/**
 * The time line of the editor: curves, a tier a body part, axis, overview. It fills its host, which must have a height
 * of its own. It keeps view, folding and selection; instances stay the editor's, which hears of every wish through
 * `events` and answers with `setInstances`. It listens to pointers, never to keys, but for Escape while dragging.
 */
export class TimeLine {
  /** What takes the keyboard focus. */
  readonly element: HTMLElement;
  readonly #root = document.createElement('div');
  readonly #events: TimeLineEvents;
  readonly #state: State;
  readonly #surface: Surface;
  readonly #gutter: Gutter;
  readonly #mirror: Mirror;
  readonly #tip: Tip;
  readonly #pointer: Pointer;
  readonly #closing = new AbortController();
  readonly #resizes: ResizeObserver;
  readonly #themes: MutationObserver;
  #ordered: readonly TimeLineInstance[] = [];
  #viewTold = '';

  constructor(host: HTMLElement, options: TimeLineOptions, events: TimeLineEvents = {}) {
    this.#events = events;
    Object.assign(this.#root.style, { position: 'relative', width: '100%', height: '100%', overflow: 'hidden' });
    host.append(this.#root);
    const palette = readPalette(this.#root, options.taxonomy.bodyParts.length);
    this.#state = new State(options, palette, textFitter(palette.fontFamily));
    this.#gutter = new Gutter(this.#root, (part) => this.#toggle(part));
    this.#surface = new Surface(this.#root, this.#state, () => this.#tellView());
    this.element = this.#surface.plot;
    this.#mirror = new Mirror(this.element, this.#root);
    this.#tip = new Tip(this.element);
    this.#pointer = this.#listen();
    this.#surface.scroller.addEventListener('scroll', () => this.#scrollTo(this.#surface.scroller.scrollTop));
    this.#gutter.element.addEventListener('wheel', (event) => this.#scrollTo(this.#state.scrollTop + event.deltaY), {
      passive: true,
    });
    this.#resizes = new ResizeObserver(() => this.#resize());
    this.#resizes.observe(this.#surface.plot);
    this.#themes = this.#watchTheme();
    this.#watchPixelRatio();
    this.#resize();
  }

  // ---- what is shown ----

  /** Instances of the coder, in any order. Selected ones that are gone are no longer selected. */
  setInstances(instances: readonly TimeLineInstance[]): void {
    this.#state.instances = instances;
    this.#ordered = inOrder(instances);
    this.#contentChanged();
  }

  /** Instances of others, for review. */
  setLayers(layers: readonly TimeLineLayer[]): void {
    this.#state.layers = layers;
    this.#contentChanged();
  }

  setRows(rows: readonly TimeLineRow[]): void {
    this.#state.rows = rows;
    this.#resize();
  }

  /** Unknown ids are left out. Does not scroll: see `scrollIntoView`. Raises no event. */
  setSelection(ids: readonly string[]): void {
    this.#state.selection = new Set(ids.filter((id) => this.#state.byId.has(id)));
    this.#surface.invalidate('top');
    this.#mirror.show(this.#state, this.#ordered);
  }

  get selection(): readonly string[] {
    return [...this.#state.selection];
  }

  /** @param follow - turn to the next page when the playhead leaves the view, as while playing */
  setPlayhead(seconds: number, { follow = false } = {}): void {
    const state = this.#state;
    state.playhead = seconds;
    this.#surface.invalidate('playhead');
    if (state.pending && state.pending.end === undefined) this.#surface.invalidate('top');
    const { start, end, span } = state.scale;
    if (follow && (seconds < start || seconds > end)) this.#setScale(state.scale.panned(seconds - span * 0.1 - start));
  }

  setPending(pending: TimeLinePending | null): void {
    this.#state.pending = pending;
    this.#surface.invalidate('top');
  }

  setMarks(marks: TimeLineMarks | null): void {
    this.#state.marks = marks;
    this.#surface.invalidate('top');
  }

  /** Whether drags catch on the playhead, marks and other edges. Frames they always land on. */
  setSnap(snap: boolean): void {
    this.#state.snap = snap;
  }

  setReadOnly(readOnly: boolean): void {
    this.#state.readOnly = readOnly;
    this.#mirror.show(this.#state, this.#ordered);
  }

  setShowRejected(show: boolean): void {
    this.#state.showRejected = show;
    this.#contentChanged();
  }

  /** Words of another language. */
  setTexts(texts: TimeLineTexts): void {
    this.#state.texts = texts;
    this.#contentChanged();
  }

  /** When frame times become known, or better known. */
  setFrameTimes(frameTimes: Float64Array, durationSeconds: number): void {
    const { scale } = this.#state;
    this.#state.grid = new FrameGrid(frameTimes, durationSeconds);
    const end = scale.showsAll ? durationSeconds : scale.end;
    this.#state.scale = new TimeScale(durationSeconds, scale.width, scale.start, end);
    this.#surface.invalidate('base', 'strip', 'top', 'playhead');
  }

  /** Reads the host's colours again; theme changes of the page are noticed without it. */
  setTheme(): void {
    const state = this.#state;
    state.palette = readPalette(this.#root, state.taxonomy.bodyParts.length);
    state.fitter = textFitter(state.palette.fontFamily);
    this.#surface.place();
    this.#gutter.show(state);
  }

  // ---- what is in view ----

  get view(): { readonly start: number; readonly end: number } {
    return { start: this.#state.scale.start, end: this.#state.scale.end };
  }

  /** Above 1 shows less time. Around the playhead where it is in view and no moment is given, else the middle. */
  zoomBy(factor: number, aroundSeconds?: number): void {
    const { scale, playhead } = this.#state;
    const inView = playhead >= scale.start && playhead <= scale.end;
    this.#setScale(scale.zoomed(factor, aroundSeconds ?? (inView ? playhead : (scale.start + scale.end) / 2)));
  }

  showAll(): void {
    this.#setScale(new TimeScale(this.#state.scale.duration, this.#state.scale.width));
  }

  /** A window a little wider than the span. */
  showSpan(start: number, end: number): void {
    const margin = (end - start) * 0.08;
    this.#setScale(new TimeScale(this.#state.scale.duration, this.#state.scale.width, start - margin, end + margin));
  }

  /** Moves the view no more than needed, in time and across tiers. */
  scrollIntoView(id: string): void {
    const { byId, layout, scale, areas, scrollTop } = this.#state;
    const instance = byId.get(id);
    const place = layout.places.get(id);
    if (!instance || !place) return;
    this.#setScale(scale.showing(instance.start, instance.end));
    const top = laneTop(place.tier, place.lane) - tierPadding;
    const bottom = top + place.tier.laneHeight + 2 * tierPadding;
    if (top < scrollTop) this.#scrollTo(top);
    else if (bottom > scrollTop + areas.tiers.height) this.#scrollTo(bottom - areas.tiers.height);
  }

  /** Codes of the body parts that show a tier an action. */
  get unfolded(): readonly string[] {
    return [...this.#state.unfolded];
  }

  /** Unfolds a body part beside those that are; null folds all. */
  unfold(part: string | null): void {
    if (part === null) this.#state.unfolded.clear();
    else this.#state.unfolded.add(part);
    this.#contentChanged();
  }

  fold(part: string): void {
    this.#state.unfolded.delete(part);
    this.#contentChanged();
  }

  // ---- questions, for the editor's keys ----

  /** Frame boundaries, for steps by frame. */
  get grid(): FrameGrid {
    return this.#state.grid;
  }

  /** Id of the next of the coder's instances in order of time, from one on, or from the playhead on with null. */
  next(
    id: string | null,
    direction: Direction,
    filter: (instance: TimeLineInstance) => boolean = () => true,
  ): string | undefined {
    return nextInstance(this.#ordered, id ?? this.#state.playhead, direction, filter)?.id;
  }

  /** Of the selected instances, or of all own ones with none selected: the edge nearest to a moment. */
  nearestEdge(seconds: number): TimeLineEdge | undefined {
    const { selection } = this.#state;
    const among = selection.size > 0 ? this.#ordered.filter(({ id }) => selection.has(id)) : this.#ordered;
    let best: TimeLineEdge | undefined;
    for (const instance of among) {
      for (const edge of ['start', 'end'] as const) {
        const away = Math.abs(instance[edge] - seconds);
        if (!best || away < Math.abs(best.seconds - seconds)) best = { id: instance.id, edge, seconds: instance[edge] };
      }
    }
    return best;
  }

  /** What one or both edges would be some frames later, or earlier when negative. Changes nothing. */
  nudged(id: string, edge: 'start' | 'end' | 'both', frames: number): TimeLineEdit | undefined {
    const instance = this.#state.byId.get(id);
    if (!instance || !this.#state.isOwn(id)) return undefined;
    return { id, ...nudged(this.#state.grid, instance, edge, frames) };
  }

  /** Ends a drag without a change. @returns whether there was one */
  cancelDrag(): boolean {
    return this.#pointer.cancel();
  }

  focus(): void {
    this.element.focus({ preventScroll: true });
  }

  destroy(): void {
    this.#pointer.cancel();
    this.#closing.abort();
    this.#resizes.disconnect();
    this.#themes.disconnect();
    this.#surface.destroy();
    this.#root.remove();
  }

  // ---- below: internals ----

  #contentChanged(): void {
    const state = this.#state;
    state.index();
    state.layOut();
    state.hovered = undefined;
    this.setSelection([...state.selection]);
    this.#showLayout();
  }

  #showLayout(): void {
    this.#surface.place();
    this.#gutter.show(this.#state);
    this.#gutter.scroll(this.#state.scrollTop);
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#surface.plot;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.#state.resize(clientWidth, clientHeight);
    this.#showLayout();
    this.#surface.paintNow();
  }

  #setScale(scale: TimeScale): void {
    const { start, end } = this.#state.scale;
    if (scale.start === start && scale.end === end) return;
    this.#state.scale = scale;
    this.#surface.invalidate('base', 'top', 'playhead');
  }

  #scrollTo(top: number): void {
    const before = this.#state.scrollTop;
    this.#state.scrollTo(top);
    if (this.#state.scrollTop === before) return;
    this.#surface.scroll();
    this.#gutter.scroll(this.#state.scrollTop);
    this.#surface.invalidate('base', 'top');
  }

  #listen(): Pointer {
    const surface = this.#surface;
    const host = {
      state: this.#state,
      events: this.#events,
      invalidate: surface.invalidate.bind(surface),
      setScale: (scale: TimeScale) => this.#setScale(scale),
      scrollTo: (top: number) => this.#scrollTo(top),
      select: (ids: readonly string[]) => {
        this.setSelection(ids);
        this.#events.select?.(this.selection);
      },
      point: (hit: Hit | undefined, x: number, y: number) => this.#point(hit, x, y),
    };
    return new Pointer(this.element, host, this.#closing.signal);
  }

  #point(hit: Hit | undefined, x: number, y: number): void {
    const state = this.#state;
    const [before, now] = [state.hovered, hit].map(instanceOf);
    const edgeOf = (at: Hit | undefined) => (at?.kind === 'edge' ? at.edge : undefined);
    const changed = before !== now || edgeOf(state.hovered) !== edgeOf(hit);
    state.hovered = hit;
    this.#tip.show(state, x, y);
    if (changed) this.#surface.invalidate('top');
    if (before !== now) this.#events.hover?.(now ?? null);
  }

  #toggle(part: string): void {
    const unfolded = !this.#state.unfolded.has(part);
    if (unfolded) this.unfold(part);
    else this.fold(part);
    this.#events.fold?.(part, unfolded);
  }

  #tellView(): void {
    const { start, end } = this.#state.scale;
    const told = `${start} ${end}`;
    if (told === this.#viewTold) return;
    this.#viewTold = told;
    this.#events.view?.(start, end);
  }

  #watchTheme(): MutationObserver {
    const changed = () => this.setTheme();
    const { signal } = this.#closing;
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed, { signal });
    const observer = new MutationObserver(changed);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class'] });
    return observer;
  }

  /** A window moved to another screen, or zoomed by the browser. */
  #watchPixelRatio(): void {
    const { signal } = this.#closing;
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener(
      'change',
      () => {
        this.#resize();
        this.#watchPixelRatio();
      },
      { once: true, signal },
    );
  }
}

function textFitter(family: string): TextFitter {
  const context = document.createElement('canvas').getContext('2d');
  if (context) context.font = canvasFont(family);
  return new TextFitter((text) => context?.measureText(text).width ?? text.length * 6);
}

const instanceOf = (hit: Hit | undefined) =>
  hit?.kind === 'body' || hit?.kind === 'edge' ? hit.instance.id : undefined;
