import { TimeScale } from 'microaction/time-line';
import type { Drag, DragHost } from './drag.ts';
import { overviewWindow } from './overview.ts';

/** Seeks to wherever the pointer is. */
export class ScrubDrag implements Drag {
  readonly cursor = 'default';
  readonly pansAtBorder = true;
  readonly #host: DragHost;

  constructor(host: DragHost, x: number) {
    this.#host = host;
    this.move(x);
  }

  move(x: number): void {
    this.#host.events.seek?.(this.#host.state.scale.toSeconds(x));
  }

  drop(): void {}
  cancel(): void {}
}

/** Takes the ground and moves it: a finger, or the middle button. */
export class PanDrag implements Drag {
  readonly cursor = 'grabbing';
  readonly pansAtBorder = false;
  readonly #host: DragHost;
  readonly #scale: TimeScale;
  readonly #scrollTop: number;
  readonly #x: number;
  readonly #y: number;

  constructor(host: DragHost, x: number, y: number) {
    this.#host = host;
    this.#scale = host.state.scale;
    this.#scrollTop = host.state.scrollTop;
    this.#x = x;
    this.#y = y;
  }

  move(x: number, y: number): void {
    const { span, width } = this.#scale;
    this.#host.setScale(this.#scale.panned(((this.#x - x) / width) * span));
    this.#host.scrollTo(this.#scrollTop + this.#y - y);
  }

  drop(): void {}

  cancel(): void {
    this.#host.setScale(this.#scale);
    this.#host.scrollTo(this.#scrollTop);
  }
}

/** Moves the window of the overview, or one of its sides; beside it, the window jumps to the pointer first. */
export class WindowDrag implements Drag {
  readonly cursor: string;
  readonly pansAtBorder = false;
  readonly #host: DragHost;
  readonly #before: TimeScale;
  readonly #side: WindowSide;
  #from: TimeScale;
  readonly #x: number;

  constructor(host: DragHost, x: number) {
    this.#host = host;
    this.#before = host.state.scale;
    this.#side = windowSideAt(host, x);
    this.cursor = this.#side === 'middle' ? 'grabbing' : 'ew-resize';
    this.#from = this.#before;
    this.#x = x;
    const { left, width } = overviewWindow(host.state);
    if (this.#side === 'middle' && (x < left || x > left + width)) {
      this.#from = this.#before.around(this.#secondsAt(x), this.#before.span);
      host.setScale(this.#from);
    }
  }

  move(x: number): void {
    const { duration, width, start, end } = this.#from;
    const by = this.#secondsAt(x) - this.#secondsAt(this.#x);
    if (this.#side === 'middle') this.#host.setScale(this.#from.panned(by));
    else if (this.#side === 'start') {
      this.#host.setScale(new TimeScale(duration, width, Math.min(start + by, end - leastSeconds), end));
    } else this.#host.setScale(new TimeScale(duration, width, start, Math.max(end + by, start + leastSeconds)));
  }

  drop(): void {}

  cancel(): void {
    this.#host.setScale(this.#before);
  }

  #secondsAt(x: number): number {
    return (x / this.#before.width) * this.#before.duration;
  }
}

type WindowSide = 'start' | 'middle' | 'end';

/** Its sides can be taken where the window is wide enough to leave a middle. */
export function windowSideAt({ state }: Pick<DragHost, 'state'>, x: number): WindowSide {
  const { left, width } = overviewWindow(state);
  if (width < 3 * sidePixels) return 'middle';
  if (Math.abs(x - left) <= sidePixels) return 'start';
  return Math.abs(x - left - width) <= sidePixels ? 'end' : 'middle';
}

// ---- below: internals ----

const sidePixels = 5;
const leastSeconds = 0.25;
