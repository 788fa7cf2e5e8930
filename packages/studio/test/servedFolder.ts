// A studio in a process of its own, for tests that kill it. Loads everything, then waits to be told its folder, so that
// the next one can load while this one is still at work.
import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import { createInterface } from 'node:readline';
import { openStudio } from '../src/index.ts';

// It never comes to its end, where the cache is written otherwise.
flushCompileCache();
const [folder] = await once(createInterface(process.stdin), 'line');
const { url } = await openStudio({ folder, port: 0, pages: false, log: (line) => console.error(line) });
console.log(url);
