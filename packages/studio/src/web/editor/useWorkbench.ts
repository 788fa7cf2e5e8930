import type { Taxonomy } from 'microaction';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { ChangesAnswer, Coding } from '../../contract/coding.ts';
import { api } from '../api/client.ts';
import { reachability } from '../api/reachability.ts';
import { usePreferences, useSession } from '../api/session.tsx';
import { CodingStore, type SaveStatus, type ShownInstance } from './codingStore.ts';
import { clientId, pastChanges } from './editorData.ts';
import { outboxStorage } from './outboxStorage.ts';
import { type BenchHost, Workbench } from './workbench.ts';

/**
 * The workbench for a coding, as long as the component is shown. What is unsent goes out when the studio answers again
 * or the person has signed in again.
 *
 * @param coding - newer states of the same coding are taken in
 */
export function useWorkbench(coding: Coding, taxonomy: Taxonomy, host: BenchHost): Workbench | null {
  const [bench, setBench] = useState<Workbench | null>(null);
  const { reactionDelaySeconds = 0 } = usePreferences();
  const { account } = useSession();
  const latestHost = useRef(host);
  latestHost.current = host;
  const first = useRef({ coding, taxonomy });

  useEffect(() => {
    const { coding: opened, taxonomy: scheme } = first.current;
    const store = openStore(opened);
    setBench(
      new Workbench({
        store,
        taxonomy: scheme,
        readOnly: !opened.mayWrite,
        reactionDelaySeconds: 0,
        host: { say: (told) => latestHost.current.say(told), focus: (place) => latestHost.current.focus(place) },
      }),
    );
    if (opened.mayWrite)
      pastChanges(opened.id).then(
        (past) => store.recall(past),
        () => {},
      );
    const stop = whenBack(() => store.retryNow());
    const warn = (event: BeforeUnloadEvent) => {
      const { status } = store;
      if (status.kind === 'unsaved' && !status.isKept) event.preventDefault();
    };
    addEventListener('beforeunload', warn);
    return () => {
      stop();
      removeEventListener('beforeunload', warn);
      store.close();
    };
  }, []);

  useEffect(() => bench?.store.take(coding), [bench, coding]);
  useEffect(() => {
    if (bench) bench.reactionDelaySeconds = reactionDelaySeconds;
  }, [bench, reactionDelaySeconds]);
  useEffect(() => {
    if (account) bench?.store.retryNow();
  }, [bench, account]);
  return bench;
}

/** Instances as they are now: rendered anew when they change. */
export const useInstances = ({ store }: Workbench): readonly ShownInstance[] =>
  useSyncExternalStore(store.subscribe, () => store.instances);

/** Rendered anew when it is another; its seconds run on without. */
export function useSaveStatus({ store }: Workbench): SaveStatus {
  const latest = useRef(store.status);
  return useSyncExternalStore(store.subscribe, () => {
    const { status } = store;
    if (JSON.stringify(status) !== JSON.stringify(latest.current)) latest.current = status;
    return latest.current;
  });
}

// ---- below: internals ----

function openStore(coding: Coding): CodingStore {
  return new CodingStore(coding, {
    client: clientId,
    storage: coding.mayWrite ? outboxStorage(coding.id) : noStorage,
    server: {
      load: () => api.get<Coding>(`/codings/${coding.id}`),
      send: (changes, client) => api.post<ChangesAnswer>(`/codings/${coding.id}/changes`, { changes, client }),
    },
  });
}

/** What was left unsent of a coding that has closed since stays where it is. */
const noStorage = { read: () => [], write: () => true, remove: () => {} };

function whenBack(then: () => void): () => void {
  let wasLost = reachability.isLost();
  const stop = reachability.subscribe(() => {
    const isLost = reachability.isLost();
    if (wasLost && !isLost) then();
    wasLost = isLost;
  });
  addEventListener('online', then);
  return () => {
    stop();
    removeEventListener('online', then);
  };
}
