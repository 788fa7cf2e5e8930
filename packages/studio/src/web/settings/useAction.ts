import { useState } from 'react';
import { notify } from '../shell/notify.tsx';

export interface Action {
  /** Does the work, then says `done`; answers whether it went well. */
  readonly run: (work: () => Promise<unknown>, done?: string) => Promise<boolean>;
  /** What went wrong last; null otherwise. */
  readonly problem: unknown;
  readonly isBusy: boolean;
}

/** What a form does when it is sent. */
export function useAction(): Action {
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  const run = async (work: () => Promise<unknown>, done?: string) => {
    setIsBusy(true);
    setProblem(null);
    try {
      await work();
      if (done) notify(done, 'ok');
      return true;
    } catch (failure) {
      setProblem(failure);
      return false;
    } finally {
      setIsBusy(false);
    }
  };
  return { run, problem, isBusy };
}
