import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./servedFolder.ts', import.meta.url));

/** A studio in a process of its own, loaded and waiting for a folder. */
export class StudioProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  #complaints = '';

  /** @param cache - folder for compiled code, which makes the next ones start sooner */
  constructor(cache: string) {
    this.#child = spawn(process.execPath, [script], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, NODE_COMPILE_CACHE: cache },
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints += text;
    });
  }

  /** Tells it its folder, and does not wait. */
  begin(folder: string): void {
    this.#child.stdin.write(`${folder}\n`);
  }

  /** @returns the link that lets its person in */
  async opened(folder: string): Promise<string> {
    this.begin(folder);
    const line = once(createInterface(this.#child.stdout), 'line').then(([line]) => line as string);
    const end = once(this.#child, 'exit').then(() => {
      throw new Error(`The studio did not start: ${this.#complaints}`);
    });
    return Promise.race([line, end]);
  }

  /** As the system does it to a process that gets no chance to say good-bye. */
  async kill(): Promise<void> {
    const end = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await end;
  }
}
