export interface Tick {
  readonly seconds: number;
  /** Has a label; the others only subdivide. */
  readonly major: boolean;
}

/** Which part of the video is in view, and where its moments stand in pixels. Immutable. */
export class TimeScale {
  readonly duration: number;
  readonly width: number;
  /** The window in view, in seconds; always within the video. */
  readonly start: number;
  readonly end: number;

  constructor(duration: number, width: number, start = 0, end = duration) {
    this.duration = Math.max(duration, 0.001);
    this.width = Math.max(width, 1);
    const span = Math.min(this.duration, Math.max(end - start, shortestSpan));
    this.start = Math.min(Math.max(start, 0), this.duration - span);
    this.end = this.start + span;
  }

  get span(): number {
    return this.end - this.start;
  }

  get showsAll(): boolean {
    return this.span > this.duration * 0.999;
  }

  toX(seconds: number): number {
    return ((seconds - this.start) / this.span) * this.width;
  }

  toSeconds(x: number): number {
    return Math.min(this.duration, Math.max(0, this.start + (x / this.width) * this.span));
  }

  resized(width: number): TimeScale {
    return new TimeScale(this.duration, width, this.start, this.end);
  }

  /** Above 1 shows less time. The moment `around` keeps its place. */
  zoomed(factor: number, around: number): TimeScale {
    const span = Math.min(this.duration, Math.max(this.span / factor, shortestSpan));
    const place = (around - this.start) / this.span;
    const start = around - place * span;
    return new TimeScale(this.duration, this.width, start, start + span);
  }

  panned(seconds: number): TimeScale {
    const start = Math.min(Math.max(this.start + seconds, 0), this.duration - this.span);
    return new TimeScale(this.duration, this.width, start, start + this.span);
  }

  /** A window of so many seconds around a moment. */
  around(seconds: number, span: number): TimeScale {
    return new TimeScale(this.duration, this.width, seconds - span / 2, seconds + span / 2);
  }

  /** Moves no more than needed to have the moments in view; centres them when they are out of it. */
  showing(start: number, end = start): TimeScale {
    if (start >= this.start && end <= this.end) return this;
    if (end - start > this.span) return new TimeScale(this.duration, this.width, start - 0.1, end + 0.1);
    return this.panned((start + end) / 2 - (this.start + this.end) / 2);
  }

  /** At round times; the labelled ones stand at least `leastPixels` apart. */
  ticks(leastPixels = 80): Tick[] {
    const wanted = (leastPixels / this.width) * this.span;
    const step = roundSteps.find((seconds) => seconds >= wanted) ?? Math.ceil(wanted / 3600) * 3600;
    const minor = step / (step === 15 || step === 30 || step === 900 || step === 1800 ? 3 : 5);
    const parts = Math.round(step / minor);
    const ticks: Tick[] = [];
    for (let i = Math.ceil(this.start / minor - 1e-9); i * minor <= this.end + 1e-9; i++) {
      ticks.push({ seconds: i * minor, major: i % parts === 0 });
    }
    return ticks;
  }
}

// ---- below: internals ----

const shortestSpan = 0.25;

const roundSteps = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
