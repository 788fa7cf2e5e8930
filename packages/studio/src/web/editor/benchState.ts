import { useSyncExternalStore } from 'react';

/** What the editor shows beside the coding itself. Never the playhead: that moves without React. */
export interface BenchState {
  /** Ids, of the coder's instances or of a layer. */
  readonly selection: readonly string[];
  /** Start and end of an instance to come, in seconds. */
  readonly marks: { readonly start?: number; readonly end?: number } | null;
  /** First stroke of a label, while the second is awaited. */
  readonly part: string | null;
  /** The next label is for the selected instances. */
  readonly relabels: boolean;
  /** An action whose key is held down while the video plays, and since when. */
  readonly held: { readonly action: string; readonly start: number } | null;
  readonly isPlaying: boolean;
  readonly speed: number;
  readonly hasPicture: boolean;
  readonly loops: boolean;
  readonly snaps: boolean;
  readonly showsPoints: boolean;
  readonly showsMotion: boolean;
  readonly followsPerson: boolean;
  readonly showsRejected: boolean;
  readonly showsList: boolean;
  /** Proposals below are not shown. */
  readonly leastScore: number;
  readonly dialog: 'keys' | 'submit' | 'accept' | null;
}

export const firstBenchState: BenchState = {
  selection: [],
  marks: null,
  part: null,
  relabels: false,
  held: null,
  isPlaying: false,
  speed: 1,
  hasPicture: true,
  loops: false,
  snaps: true,
  showsPoints: false,
  showsMotion: false,
  followsPerson: false,
  showsRejected: true,
  showsList: false,
  leastScore: 0,
  dialog: null,
};

/** Something with a value that changes, which components can show. */
export class Observable<T extends object> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(change: Partial<T>): void {
    const keys = Object.keys(change) as (keyof T)[];
    if (keys.every((key) => this.#value[key] === change[key])) return;
    this.#value = { ...this.#value, ...change };
    for (const listener of this.#listeners) listener();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

/** Renders anew only when what is selected of the value changes. */
export function useObserved<T extends object, V>(observable: Observable<T>, select: (value: T) => V): V {
  return useSyncExternalStore(observable.subscribe, () => select(observable.value));
}
