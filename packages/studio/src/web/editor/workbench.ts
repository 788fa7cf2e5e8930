import type { Taxonomy } from 'microaction';
import type { InstanceBody } from '../../contract/coding.ts';
import type { FramePlayer, Span } from '../player/framePlayer.ts';
import type { FrameGrid } from '../timeline/frameGrid.ts';
import type { Direction, TimeLine, TimeLineDraft, TimeLineEdge, TimeLineEdit } from '../timeline/timeLine.ts';
import { type BenchState, firstBenchState, Observable } from './benchState.ts';
import type { CodingStore, Reversal, ShownInstance, Wish } from './codingStore.ts';
import { bodyOf, randomLetters } from './editHistory.ts';
import type { KeyDeeds } from './keys/keyboard.ts';
import type { Command } from './keys/keyMap.ts';

/** Places that keys bring the focus to. */
export type FocusPlace = 'search' | 'comment' | 'nextRegion' | 'previousRegion';

/** What the workbench asks of the page around it. */
export interface BenchHost {
  /** Tells a person who cannot see it what has happened. */
  say(what: Told): void;
  focus(place: FocusPlace): void;
}

/** What was done, for a sentence in the person's language. */
export type Told =
  | {
      readonly what:
        | 'made'
        | 'moved'
        | 'relabelled'
        | 'selected'
        | 'accepted'
        | 'rejected'
        | 'alreadyRejected'
        | 'deleted';
      readonly instance: ShownInstance;
      /** The proposal that is selected now, after the one that was decided. */
      readonly next?: ShownInstance;
    }
  | { readonly what: 'marked'; readonly edge: 'start' | 'end'; readonly seconds: number }
  | { readonly what: 'noUndo' | 'noRedo' | 'noProposal' | 'noSelection' | 'readOnly' | 'chooseLabel' }
  | ({ readonly what: 'undone' | 'redone' } & Reversal);

export interface WorkbenchOptions {
  readonly store: CodingStore;
  readonly taxonomy: Taxonomy;
  readonly readOnly: boolean;
  /** Of the coder: taken off both ends of what is coded by holding a key. */
  readonly reactionDelaySeconds: number;
  readonly host: BenchHost;
}

/**
 * Everything that can be done in the editor, whether by key, button or drag. Player and time line are attached once
 * they are on the page.
 */
export class Workbench implements KeyDeeds {
  readonly store: CodingStore;
  readonly taxonomy: Taxonomy;
  readonly isReadOnly: boolean;
  readonly state = new Observable<BenchState>(firstBenchState);
  reactionDelaySeconds: number;
  readonly #host: BenchHost;
  #player: FramePlayer | undefined;
  #timeLine: TimeLine | undefined;
  /** Nudged last. */
  #lastEdge: Pick<TimeLineEdge, 'id' | 'edge'> | undefined;
  /** By action: more than one key may be down. Seconds in the video, and milliseconds since the page was opened. */
  readonly #held = new Map<string, { start: number; sinceMs: number }>();

  constructor({ store, taxonomy, readOnly, reactionDelaySeconds, host }: WorkbenchOptions) {
    this.store = store;
    this.taxonomy = taxonomy;
    this.isReadOnly = readOnly;
    this.reactionDelaySeconds = reactionDelaySeconds;
    this.#host = host;
  }

  get player(): FramePlayer | undefined {
    return this.#player;
  }

  attachPlayer(player: FramePlayer | undefined): void {
    this.#player = player;
    this.showPlayerState();
  }

  attachTimeLine(timeLine: TimeLine | undefined): void {
    this.#timeLine = timeLine;
    if (this.#player) timeLine?.setPlayhead(this.#player.seconds);
  }

  /** After the player has changed by itself. */
  showPlayerState(): void {
    const player = this.#player;
    if (!player) return;
    const { isPlaying, speed, hasPicture } = player;
    this.state.set({ isPlaying, speed, hasPicture });
  }

  /** Selected instances of this coding, by start. */
  get selected(): readonly ShownInstance[] {
    const ids = new Set(this.state.value.selection);
    return ids.size === 0 ? [] : this.store.instances.filter(({ id }) => ids.has(id));
  }

  /** Those that are shown: proposals below the least score are not. */
  isShown = ({ state, score }: Pick<ShownInstance, 'state' | 'score'>): boolean =>
    state !== 'proposed' || (score ?? 1) >= this.state.value.leastScore;

  // ---- selecting and moving ----

  select(ids: readonly string[]): void {
    this.state.set({ selection: ids, relabels: false });
    this.#timeLine?.setSelection(ids);
    this.#followLoop();
  }

  /** Selects one, brings it into view and the playhead to its start. */
  goTo(id: string): void {
    const instance = this.#show(id);
    if (instance) this.#host.say({ what: 'selected', instance });
  }

  seek(seconds: number): void {
    this.#player?.seek(seconds);
  }

  // ---- coding ----

  /**
   * What a label does where it is given in a moment, not held. It relabels what is selected, if that was asked for by R,
   * or if the playhead stands still on its start frame, as when it was just made, and the label is of the same body part;
   * it makes an instance between the marks; else a short one at the playhead, as several parts may move at once.
   */
  label(action: string): void {
    if (!this.#mayEdit()) return;
    const { marks, relabels } = this.state.value;
    const selected = this.selected;
    const player = this.#player;
    if (!player) return;
    const here = player.seconds;
    const [first] = selected;
    const isCorrection =
      selected.length === 1 &&
      !player.isPlaying &&
      !marks &&
      player.frame === player.grid.frameAt(first.start) &&
      this.taxonomy.bodyPartOf(action) === this.taxonomy.bodyPartOf(first.action);
    if (selected.length > 0 && (relabels || isCorrection)) {
      this.#relabel(selected, action);
    } else if (marks) {
      const start = marks.start ?? Math.min(here, marks.end ?? here);
      const end = marks.end ?? Math.max(this.#endOfFrame(player.frame), start);
      this.#make(action, start, end);
    } else {
      this.#make(action, here, here + shortSeconds);
    }
    this.#setMarks(null);
    this.state.set({ relabels: false });
  }

  labelDown(action: string): void {
    const { relabels, marks } = this.state.value;
    const player = this.#player;
    if (this.isReadOnly || !player?.isPlaying || relabels || marks) {
      this.label(action);
      return;
    }
    const start = Math.max(0, player.seconds - this.reactionDelaySeconds * player.speed);
    this.#held.set(action, { start, sinceMs: performance.now() });
    this.#showHeld();
  }

  labelUp(action: string): void {
    const held = this.#held.get(action);
    const player = this.#player;
    if (!held || !player) return;
    this.#held.delete(action);
    this.#showHeld();
    const isTap = performance.now() - held.sinceMs < tapMs;
    const until = player.seconds - this.reactionDelaySeconds * player.speed;
    // It may have jumped back, as a loop does.
    const end = isTap || until <= held.start ? held.start + shortSeconds : until;
    this.#make(action, held.start, end);
  }

  part(first: string | null): void {
    this.state.set({ part: first });
  }

  /** An instance was drawn on the time line. Without an action yet, its label is awaited. */
  create({ action, start, end }: TimeLineDraft): void {
    if (!this.#mayEdit()) return;
    if (action) {
      this.#make(action, start, end);
      return;
    }
    this.select([]);
    this.#setMarks({ start, end });
    this.#host.say({ what: 'chooseLabel' });
  }

  /** New times: of a drag, or typed. */
  change(edits: readonly TimeLineEdit[]): void {
    if (!this.#mayEdit()) return;
    this.#apply(
      edits.flatMap(({ id, start, end }) => {
        const instance = this.store.get(id);
        return instance ? [{ instance: id, after: { ...bodyOf(instance)!, ...this.#onFrames(start, end) } }] : [];
      }),
    );
    this.#followLoop();
    const moved = edits.length === 1 && this.store.get(edits[0].id);
    if (moved) this.#host.say({ what: 'moved', instance: moved });
  }

  accept(instances: readonly ShownInstance[] = this.selected.filter(isProposed)): void {
    this.#decide(instances, 'coded');
  }

  reject(instances: readonly ShownInstance[] = this.selected.filter(({ state }) => state !== 'rejected')): void {
    // What a person made themselves is not a proposal that could be turned down.
    const own = instances.filter((instance) => instance.state === 'coded' && instance.score === null);
    const offered = instances.filter((instance) => !own.includes(instance));
    if (own.length > 0) this.remove(own);
    if (own.length === 0 || offered.length > 0) this.#decide(offered, 'rejected');
  }

  /** Proposals are turned down rather than deleted, so that what models got wrong can be counted. */
  remove(instances = this.selected): void {
    if (!this.#mayEdit() || instances.length === 0) return;
    const first = instances.find(({ state }) => state !== 'rejected');
    if (!first) {
      this.#host.say({ what: 'alreadyRejected', instance: instances[0] });
      return;
    }
    const wishes = instances.map((instance): Wish => {
      const isOfModel = instance.state !== 'coded';
      return { instance: instance.id, after: isOfModel ? { ...bodyOf(instance)!, state: 'rejected' } : null };
    });
    this.#apply(wishes);
    this.#host.say({ what: first.state === 'coded' ? 'deleted' : 'rejected', instance: first });
  }

  /** All proposals that are at least so sure. */
  proposalsFrom(score: number): readonly ShownInstance[] {
    return this.store.instances.filter((instance) => isProposed(instance) && (instance.score ?? 0) >= score);
  }

  undo(): void {
    this.#turnBack('undo');
  }

  redo(): void {
    this.#turnBack('redo');
  }

  // ---- keys ----

  command(command: Command): boolean {
    const deed = this.#deeds[command];
    return deed() !== false;
  }

  /** Leaves what was begun, one thing at a time. @returns whether there was something */
  cancel(): boolean {
    const { relabels, marks, selection, dialog } = this.state.value;
    if (dialog) this.state.set({ dialog: null });
    else if (relabels) this.state.set({ relabels: false });
    else if (marks) this.#setMarks(null);
    else if (selection.length > 0) this.select([]);
    else return false;
    return true;
  }

  // ---- below: internals ----

  readonly #deeds: Record<Command, () => unknown> = {
    play: () => this.#player?.toggle(),
    frameBack: () => this.#player?.step(-1),
    frameForward: () => this.#player?.step(1),
    tenBack: () => this.#player?.step(-10),
    tenForward: () => this.#player?.step(10),
    slower: () => this.#player?.changeSpeed(-1),
    stop: () => this.#player?.pause(),
    faster: () => this.#faster(),
    playSpan: () => this.#playSpan(),
    loop: () => this.setLoops(!this.state.value.loops),
    toStart: () => this.#player?.seekFrame(0),
    toEnd: () => this.#player?.seekFrame(Number.POSITIVE_INFINITY),
    markStart: () => this.#mark('start'),
    markEnd: () => this.#mark('end'),
    relabel: () => this.#startRelabelling(),
    accept: () => this.accept(),
    reject: () => this.reject(),
    remove: () => this.remove(),
    edgeEarlier: () => this.#nudge('edge', -1),
    edgeLater: () => this.#nudge('edge', 1),
    bothEarlier: () => this.#nudge('both', -1),
    bothLater: () => this.#nudge('both', 1),
    comment: () => this.#host.focus('comment'),
    search: () => this.#host.focus('search'),
    undo: () => this.undo(),
    redo: () => this.redo(),
    cancel: () => this.cancel(),
    next: () => this.#walk('forwards'),
    previous: () => this.#walk('backwards'),
    nextOpen: () => this.#walkOpen('forwards'),
    previousOpen: () => this.#walkOpen('backwards'),
    nextRegion: () => this.#host.focus('nextRegion'),
    previousRegion: () => this.#host.focus('previousRegion'),
    zoomIn: () => this.#timeLine?.zoomBy(1.5),
    zoomOut: () => this.#timeLine?.zoomBy(1 / 1.5),
    zoomAll: () => this.#timeLine?.showAll(),
    zoomSelection: () => this.#zoomSelection(),
    snap: () => this.setSnaps(!this.state.value.snaps),
    points: () => this.state.set({ showsPoints: !this.state.value.showsPoints }),
    motion: () => this.state.set({ showsMotion: !this.state.value.showsMotion }),
    person: () => this.state.set({ followsPerson: !this.state.value.followsPerson }),
    rejected: () => this.setShowsRejected(!this.state.value.showsRejected),
    list: () => this.state.set({ showsList: !this.state.value.showsList }),
    help: () => this.state.set({ dialog: 'keys' }),
  };

  setLoops(loops: boolean): void {
    this.state.set({ loops });
    this.#followLoop();
  }

  setSnaps(snaps: boolean): void {
    this.state.set({ snaps });
    this.#timeLine?.setSnap(snaps);
  }

  setShowsRejected(showsRejected: boolean): void {
    this.state.set({ showsRejected });
    this.#timeLine?.setShowRejected(showsRejected);
  }

  get #grid(): FrameGrid | undefined {
    return this.#player?.grid ?? this.#timeLine?.grid;
  }

  #mayEdit(): boolean {
    if (this.isReadOnly) this.#host.say({ what: 'readOnly' });
    return !this.isReadOnly;
  }

  #show(id: string): ShownInstance | undefined {
    const instance = this.store.get(id);
    if (!instance) return undefined;
    this.select([id]);
    this.#player?.seek(instance.start);
    this.#timeLine?.scrollIntoView(id);
    return instance;
  }

  #apply(wishes: readonly Wish[]): void {
    this.store.apply(wishes);
  }

  #make(action: string, start: number, end: number): void {
    if (!this.#mayEdit()) return;
    const id = `i_${randomLetters(20)}`;
    const after: InstanceBody = { action, ...this.#onFrames(start, end), state: 'coded', score: null, reason: null };
    this.#apply([{ instance: id, after }]);
    this.select([id]);
    this.#timeLine?.scrollIntoView(id);
    this.#host.say({ what: 'made', instance: { id, ...after } });
  }

  #showHeld(): void {
    const [action, { start }] = [...this.#held].at(-1) ?? [null, { start: 0 }];
    const held = action === null ? null : { action, start };
    this.state.set({ held });
    this.#timeLine?.setPending(held);
  }

  #relabel(instances: readonly ShownInstance[], action: string): void {
    this.#apply(
      instances.map((instance) => ({
        instance: instance.id,
        // Now a person says it: the model's score and reason were about something else.
        after:
          instance.action === action
            ? { ...bodyOf(instance)!, state: 'coded' }
            : { ...bodyOf(instance)!, action, state: 'coded', score: null, reason: null },
      })),
    );
    this.#timeLine?.scrollIntoView(instances[0].id);
    this.#host.say({ what: 'relabelled', instance: { ...instances[0], action } });
  }

  #decide(instances: readonly ShownInstance[], state: 'coded' | 'rejected'): void {
    if (!this.#mayEdit()) return;
    if (instances.length === 0) {
      this.#host.say({ what: 'noProposal' });
      return;
    }
    const last = instances.at(-1)!;
    this.#apply(instances.map((instance) => ({ instance: instance.id, after: { ...bodyOf(instance)!, state } })));
    const goesOn = instances.length === 1 && isProposed(last);
    const id = goesOn && (this.#next(last.id, 'forwards', isProposed) ?? this.#next(last.id, 'backwards', isProposed));
    const next = id ? this.#show(id) : undefined;
    this.#host.say({ what: state === 'coded' ? 'accepted' : 'rejected', instance: last, ...(next && { next }) });
  }

  #turnBack(which: 'undo' | 'redo'): void {
    if (!this.#mayEdit()) return;
    const before = new Map(this.store.instances.map((instance) => [instance.id, instance]));
    const result = this.store[which]();
    if (!result) {
      this.#host.say({ what: which === 'undo' ? 'noUndo' : 'noRedo' });
      return;
    }
    this.#host.say({ what: which === 'undo' ? 'undone' : 'redone', ...result });
    const touched = this.store.instances.filter((instance) => before.get(instance.id) !== instance);
    this.select(touched.slice(0, mostSelected).map(({ id }) => id));
    if (touched.length > 0) this.#timeLine?.scrollIntoView(touched[0].id);
  }

  /** On boundaries of frames, within the video, at least one frame long. */
  #onFrames(start: number, end: number): Span {
    const grid = this.#grid;
    if (!grid) return { start, end };
    const first = Math.min(grid.frameCount - 1, grid.indexNear(Math.min(start, end)));
    const last = Math.max(first + 1, grid.indexNear(Math.max(start, end)));
    return { start: grid.at(first), end: grid.at(last) };
  }

  #endOfFrame(frame: number): number {
    return this.#grid?.at(frame + 1) ?? 0;
  }

  #setMarks(marks: BenchState['marks']): void {
    this.state.set({ marks });
    this.#timeLine?.setMarks(marks);
    this.#timeLine?.setPending(marks?.start !== undefined && marks.end === undefined ? { start: marks.start } : null);
  }

  /** I and O: the start or end of the selected instance, or, where that cannot be, of one to come. */
  #mark(edge: 'start' | 'end'): void {
    const player = this.#player;
    if (!player || !this.#mayEdit()) return;
    const frame = player.grid.frameAt(player.seconds);
    const at = edge === 'start' ? player.grid.at(frame) : this.#endOfFrame(frame);
    const [instance, ...more] = this.selected;
    if (instance && more.length === 0 && (edge === 'start' ? at < instance.end : at > instance.start)) {
      this.change([{ id: instance.id, start: instance.start, end: instance.end, [edge]: at }]);
      return;
    }
    this.select([]);
    const { marks } = this.state.value;
    const fits = edge === 'start' ? (marks?.end ?? at) > at : (marks?.start ?? at) < at;
    this.#setMarks(fits ? { ...marks, [edge]: at } : { [edge]: at });
    const { start, end } = this.state.value.marks ?? {};
    if (start !== undefined && end !== undefined) this.#host.say({ what: 'chooseLabel' });
    else this.#host.say({ what: 'marked', edge, seconds: at });
  }

  #startRelabelling(): void {
    if (!this.#mayEdit()) return;
    if (this.selected.length === 0) this.#host.say({ what: 'noSelection' });
    else {
      this.state.set({ relabels: true });
      this.#host.say({ what: 'chooseLabel' });
    }
  }

  #nudge(which: 'edge' | 'both', frames: number): void {
    const player = this.#player;
    const timeLine = this.#timeLine;
    if (!player || !timeLine || !this.#mayEdit()) return;
    const nearest = this.#nearestEdge(player, timeLine);
    const edit = nearest && timeLine.nudged(nearest.id, which === 'both' ? 'both' : nearest.edge, frames);
    if (!nearest || !edit) return;
    if (!this.state.value.selection.includes(nearest.id)) this.select([nearest.id]);
    this.change([edit]);
    this.#lastEdge = nearest;
    // What the edge now stands at is what one wants to see.
    if (!player.isPlaying) this.#showEdge(edit, nearest.edge);
  }

  /** Of the frame that is shown: its middle counts. Of a short instance whose edges are equally near, the same as before. */
  #nearestEdge(player: FramePlayer, timeLine: TimeLine): Pick<TimeLineEdge, 'id' | 'edge'> | undefined {
    const { grid } = player;
    const at = player.isPlaying ? player.seconds : (grid.at(player.frame) + grid.at(player.frame + 1)) / 2;
    const nearest = timeLine.nearestEdge(at);
    const last = this.#lastEdge;
    const instance = last && last.id === nearest?.id ? this.store.get(last.id) : undefined;
    if (!nearest || !last || !instance) return nearest;
    const isAsNear = Math.abs(instance[last.edge] - at) < Math.abs(nearest.seconds - at) + 1e-6;
    return isAsNear ? last : nearest;
  }

  #showEdge({ start, end }: Span, edge: 'start' | 'end'): void {
    const player = this.#player;
    if (!player) return;
    player.seekFrame(edge === 'start' ? player.grid.frameAt(start) : player.grid.indexNear(end) - 1);
  }

  #next(from: string | null, direction: Direction, filter: (instance: ShownInstance) => boolean): string | undefined {
    return this.#timeLine?.next(from, direction, ({ id }) => {
      const instance = this.store.get(id);
      return instance !== undefined && filter(instance);
    });
  }

  #walk(direction: Direction, filter: (instance: ShownInstance) => boolean = () => true): boolean {
    const next = this.#next(
      this.state.value.selection.at(direction === 'forwards' ? -1 : 0) ?? null,
      direction,
      filter,
    );
    if (next) this.goTo(next);
    return next !== undefined;
  }

  #walkOpen(direction: Direction): void {
    if (!this.#walk(direction, isProposed)) this.#host.say({ what: 'noProposal' });
  }

  #faster(): void {
    const player = this.#player;
    if (!player) return;
    if (player.isPlaying) player.changeSpeed(1);
    else player.play();
  }

  /** From the first start to the last end of what is selected, else the marks. */
  #span(): Span | null {
    const selected = this.selected;
    const { marks } = this.state.value;
    if (selected.length > 0) {
      return {
        start: Math.min(...selected.map(({ start }) => start)),
        end: Math.max(...selected.map(({ end }) => end)),
      };
    }
    return marks?.start !== undefined && marks.end !== undefined ? { start: marks.start, end: marks.end } : null;
  }

  #playSpan(): void {
    const span = this.#span();
    if (span) this.#player?.playSpan(span);
    else this.#player?.toggle();
  }

  #zoomSelection(): void {
    const span = this.#span();
    if (span) this.#timeLine?.showSpan(span.start, span.end);
  }

  #followLoop(): void {
    this.#player?.setLoop(this.state.value.loops ? this.#span() : null);
  }
}

/** Of an instance that is made at once. */
const shortSeconds = 0.5;
/** A key that comes up sooner was tapped. */
const tapMs = 180;
const mostSelected = 50;

const isProposed = ({ state }: Pick<ShownInstance, 'state'>) => state === 'proposed';
