import { useSyncExternalStore } from 'react';

/** Whether the studio answered last. The banner shows it, and the editor keeps its changes meanwhile. */
export const reachability = {
  isLost: () => isLost,
  lost: () => set(true),
  found: () => set(false),
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

export const useIsStudioLost = (): boolean => useSyncExternalStore(reachability.subscribe, reachability.isLost);

// ---- below: internals ----

let isLost = false;
const listeners = new Set<() => void>();

function set(value: boolean): void {
  if (value === isLost) return;
  isLost = value;
  for (const listener of listeners) listener();
}
