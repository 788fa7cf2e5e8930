import type { FrameGrid } from '../timeline/frameGrid.ts';

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface FramePlayerEvents {
  /** The playhead has moved, at most once a picture of the screen. Seconds: where the shown frame begins, or the running time. */
  time?(seconds: number, frame: number): void;
  /** Another frame is on the screen; the video element has its picture. */
  picture?(frame: number): void;
  /** Playing, speed or loop changed. */
  state?(): void;
  /** The browser cannot play the file. */
  failed?(): void;
}

/** What can be played slower and faster in steps. */
export const speeds = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4] as const;

/**
 * A video that is moved by frames. It seeks to the middle of a frame, where rounding cannot show its neighbour, and
 * learns from the browser which frame is on the screen. Without a picture (file missing, or not playable) the playhead
 * moves all the same, so that codings can be edited.
 */
export class FramePlayer {
  readonly #video: HTMLVideoElement;
  readonly #events: FramePlayerEvents;
  #grid: FrameGrid;
  #frame = 0;
  /** Asked for and not on the screen yet. */
  #wanted: number | null = null;
  #stopAt: number | null = null;
  #loop: Span | null = null;
  #speed = 1;
  #animation = 0;
  #callback = 0;
  #isWithout = false;
  /** When the first frame is shown, by the player's own clock: later than 0 in some files. */
  #offset = 0;
  /** Of such a file no picture has been shown yet. The first one tells the offset, so nothing is sought before. */
  #isFresh = false;
  readonly #closing = new AbortController();

  /** @param startSeconds - as `Video.startSeconds` */
  constructor(video: HTMLVideoElement, grid: FrameGrid, startSeconds: number, events: FramePlayerEvents = {}) {
    this.#video = video;
    this.#grid = grid;
    this.#events = events;
    this.#beginAt(startSeconds);
    const { signal } = this.#closing;
    const on = (name: keyof HTMLMediaElementEventMap, then: () => void) =>
      video.addEventListener(name, then, { signal });
    on('play', () => this.#run());
    on('pause', () => this.#rest());
    on('ended', () => this.#rest());
    on('seeked', () => this.#seekOn());
    on('loadeddata', () => this.#seekOn());
    on('error', () => this.#fail());
    this.#watchPictures();
  }

  get grid(): FrameGrid {
    return this.#grid;
  }

  /** When frame times become known; the playhead stays where it is. */
  setGrid(grid: FrameGrid): void {
    const { seconds } = this;
    this.#grid = grid;
    this.#frame = grid.frameAt(seconds);
    this.#tellTime();
  }

  /** Position of the frame on the screen, or of the one that is about to be. */
  get frame(): number {
    return this.#wanted ?? this.#frame;
  }

  /** Where the playhead is. */
  get seconds(): number {
    return this.isPlaying ? this.#now : this.#grid.at(this.frame);
  }

  get isPlaying(): boolean {
    return !this.#isWithout && !this.#video.paused && !this.#video.ended;
  }

  get speed(): number {
    return this.#speed;
  }

  get loop(): Span | null {
    return this.#loop;
  }

  /** False: there is nothing to see, only a playhead. */
  get hasPicture(): boolean {
    return !this.#isWithout;
  }

  /** Shows the frame that is on display at a moment. */
  seek(seconds: number): void {
    this.seekFrame(this.#grid.frameAt(seconds));
  }

  seekFrame(frame: number): void {
    this.#stopAt = null;
    this.#show(frame);
  }

  /** Pauses, and moves by so many frames. */
  step(frames: number): void {
    const from = this.isPlaying ? this.#grid.frameAt(this.#now) : this.frame;
    this.pause();
    this.seekFrame(from + frames);
  }

  play(): void {
    this.#stopAt = null;
    if (this.frame >= this.#grid.frameCount - 1) this.#show(0);
    this.#start();
  }

  pause(): void {
    this.#video.pause();
  }

  toggle(): void {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  /** Plays a span once, and stays on its last frame. */
  playSpan({ start, end }: Span): void {
    this.#show(this.#grid.frameAt(start));
    this.#stopAt = end;
    this.#start();
  }

  /** Plays a span again and again; null ends that. */
  setLoop(loop: Span | null): void {
    this.#loop = loop;
    this.#events.state?.();
  }

  setSpeed(speed: number): void {
    this.#speed = Math.min(4, Math.max(0.1, speed));
    this.#video.playbackRate = this.#speed;
    this.#video.defaultPlaybackRate = this.#speed;
    // Slower than half, sound is no sound any more.
    this.#video.muted = this.#speed < 0.5;
    this.#events.state?.();
  }

  /** One step slower (-1) or faster (1). */
  changeSpeed(direction: -1 | 1): void {
    const next =
      direction > 0 ? speeds.find((speed) => speed > this.#speed) : speeds.findLast((speed) => speed < this.#speed);
    if (next !== undefined) this.setSpeed(next);
  }

  /** Another file of the same video, as when a proxy has been made. */
  reload(startSeconds: number): void {
    const { frame } = this;
    this.#isWithout = false;
    this.#beginAt(startSeconds);
    this.#video.load();
    this.#wanted = frame;
    this.#events.state?.();
  }

  /** There is no file to play. */
  withoutPicture(): void {
    this.#isWithout = true;
    this.#frame = this.frame;
    this.#wanted = null;
    this.#events.state?.();
  }

  destroy(): void {
    this.#closing.abort();
    cancelAnimationFrame(this.#animation);
    this.#video.cancelVideoFrameCallback?.(this.#callback);
    this.#video.pause();
  }

  // ---- below: internals ----

  /** Seconds from the first frame on; 0 also while there is only sound before it. */
  get #now(): number {
    return Math.max(0, this.#video.currentTime - this.#offset);
  }

  #beginAt(startSeconds: number): void {
    this.#offset = startSeconds;
    this.#isFresh = startSeconds > 0 && 'requestVideoFrameCallback' in this.#video;
  }

  #start(): void {
    if (this.#isWithout) return;
    // Rejected when a pause comes before the first picture: nothing to tell.
    this.#video.play().catch(() => {});
  }

  #show(frame: number): void {
    const target = Math.max(0, Math.min(this.#grid.frameCount - 1, frame));
    if (this.#isWithout) {
      this.#frame = target;
      this.#tellTime();
      return;
    }
    this.#wanted = target;
    this.#tellTime();
    // While a seek is under way the latest wish waits: browsers would begin anew with each.
    const isReady = !this.#isFresh && this.#video.readyState >= HTMLMediaElement.HAVE_METADATA;
    if (isReady && !this.#video.seeking) this.#seekToWanted();
  }

  #seekToWanted(): void {
    this.#video.currentTime = this.#middleOf(this.#wanted ?? 0);
  }

  /** By the player's own clock. */
  #middleOf(frame: number): number {
    return this.#offset + (this.#grid.at(frame) + this.#grid.at(frame + 1)) / 2;
  }

  #seekOn(): void {
    if (this.#wanted === null || this.#isFresh) return;
    const { currentTime, duration } = this.#video;
    // Where the file ends sooner than its frames say, there is no getting nearer.
    const isAtEnd = currentTime >= duration && this.#middleOf(this.#wanted) >= duration;
    if (isAtEnd || this.#grid.frameAt(this.#now) === this.#wanted) {
      if (!('requestVideoFrameCallback' in this.#video)) this.#arrived(this.#wanted);
      // The callback does not come where the same picture stays.
      else if (this.#wanted === this.#frame) this.#wanted = null;
      return;
    }
    this.#seekToWanted();
  }

  #watchPictures(): void {
    if (!('requestVideoFrameCallback' in this.#video)) return;
    const next = (_: number, { mediaTime }: VideoFrameCallbackMetadata) => {
      const isFirst = this.#isFresh;
      // Not every browser counts from the container's start: some do so from the first picture.
      if (isFirst) this.#offset = Math.min(this.#offset, mediaTime);
      this.#isFresh = false;
      this.#arrived(Math.min(this.#grid.frameCount - 1, this.#grid.indexNear(mediaTime - this.#offset)));
      if (isFirst) this.#seekOn();
      this.#callback = this.#video.requestVideoFrameCallback(next);
    };
    this.#callback = this.#video.requestVideoFrameCallback(next);
  }

  #arrived(frame: number): void {
    this.#frame = frame;
    if (frame === this.#wanted || this.isPlaying) this.#wanted = null;
    this.#events.picture?.(frame);
    if (!this.isPlaying) this.#tellTime();
  }

  #run(): void {
    this.#events.state?.();
    cancelAnimationFrame(this.#animation);
    const tick = () => {
      if (!this.isPlaying) return;
      this.#animation = requestAnimationFrame(tick);
      if (!this.#video.seeking) this.#turn();
      this.#tellTime();
    };
    tick();
  }

  /** At the end of what is to be played: back to its start, or stop. */
  #turn(): void {
    const now = this.#now;
    const loop = this.#loop;
    if (loop && (now >= loop.end || now < this.#grid.at(this.#grid.frameAt(loop.start)))) {
      this.#show(this.#grid.frameAt(loop.start));
    } else if (this.#stopAt !== null && now >= this.#stopAt) {
      const last = this.#grid.frameAt(this.#stopAt) - 1;
      this.pause();
      this.seekFrame(last);
    }
  }

  #rest(): void {
    cancelAnimationFrame(this.#animation);
    if (this.#wanted === null && !this.#isWithout) this.#frame = this.#grid.frameAt(this.#now);
    this.#tellTime();
    this.#events.state?.();
  }

  #fail(): void {
    this.withoutPicture();
    this.#events.failed?.();
  }

  #tellTime(): void {
    this.#events.time?.(this.seconds, this.isPlaying ? this.#grid.frameAt(this.#now) : this.frame);
  }
}
