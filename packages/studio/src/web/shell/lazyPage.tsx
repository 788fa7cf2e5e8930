import { type ComponentType, useEffect, useState } from 'react';
import { Busy } from './Busy.tsx';

/** A page in a file of its own, which is fetched once. */
export class PageFile {
  readonly #load: () => Promise<{ default: ComponentType }>;
  #loading: Promise<void> | undefined;
  /** Undefined until it has come. */
  page: ComponentType | undefined;

  constructor(load: () => Promise<{ default: ComponentType }>) {
    this.#load = load;
  }

  fetch(): Promise<void> {
    this.#loading ??= this.#load().then((module) => {
      this.page = module.default;
    });
    return this.#loading;
  }
}

/**
 * Shows a page as soon as its file is there. React's own `lazy` with `Suspense` waits 300 ms before it shows what has
 * come, so that fallbacks do not flicker; a file from this machine is there sooner.
 */
export function LazyPage({ file }: { file: PageFile }) {
  const [, setArrived] = useState<PageFile | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  useEffect(() => {
    if (!file.page) file.fetch().then(() => setArrived(file), setFailure);
  }, [file]);
  if (failure) throw failure;
  const { page: Shown } = file;
  return Shown ? <Shown /> : <Busy />;
}
