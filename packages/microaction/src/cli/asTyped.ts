import { isAbsolute, relative, resolve } from 'node:path';

/** `npm start` moves into the folder of the package: a path is meant from where the person stands. */
export function asTyped({ npm_lifecycle_event: script, INIT_CWD: from }: NodeJS.ProcessEnv): (path: string) => string {
  if (script !== 'start' || from === undefined) return (path) => path;
  return (path) => (isAbsolute(path) ? path : relative('', resolve(from, path)));
}
