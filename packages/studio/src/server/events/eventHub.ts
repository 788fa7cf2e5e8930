import type { StudioEvent } from '../../contract/event.ts';

type Listener = (event: StudioEvent) => void;

/** Tells everybody who listens to a project what happened in it. Nothing is kept: who was away asks anew. */
export class EventHub {
  readonly #listeners = new Map<string, Set<Listener>>();

  publish(project: string, event: StudioEvent): void {
    for (const listener of this.#listeners.get(project) ?? []) listener(event);
  }

  /** @returns what ends the listening */
  subscribe(project: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(project) ?? new Set();
    this.#listeners.set(project, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(project);
    };
  }
}
