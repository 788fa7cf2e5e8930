import type { TimeScale } from 'microaction/time-line';
import type { State } from './state.ts';
import type { Stale } from './surface.ts';
import type { TimeLineEvents } from './types.ts';

/** Something a pressed pointer does until it is let go. One class a kind: see the files that implement it. */
export interface Drag {
  /** The mouse pointer while it lasts. */
  readonly cursor: string;
  /** The view moves along when the pointer comes near its left or right border. */
  readonly pansAtBorder: boolean;
  /** @param x - of the pointer, in pixels from the left of the plot; also called when the view moved below it */
  move(x: number, y: number): void;
  drop(): void;
  /** As if nothing had been dragged. */
  cancel(): void;
}

/** What a drag may use of the time line. */
export interface DragHost {
  readonly state: State;
  readonly events: TimeLineEvents;
  invalidate(...stale: Stale[]): void;
  setScale(scale: TimeScale): void;
  scrollTo(top: number): void;
}
