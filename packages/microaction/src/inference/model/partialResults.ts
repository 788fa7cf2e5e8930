import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { UserError } from '../../errors.ts';
import { fileError } from '../../files/fileError.ts';

/** What was made of one video, or why nothing could be. */
export type Result = { readonly id: string; readonly skipped?: string };

/**
 * Results of many videos on their way to one file: each is a line of a file beside it as soon as it is there, so that work
 * that was stopped goes on where it was. Nothing but the names of videos is held in memory.
 */
export class PartialResults<R extends Result> implements AsyncDisposable {
  readonly #partial: string;
  readonly #file: FileHandle;
  /** Whether each video that was looked at was skipped. */
  readonly #done: Map<string, boolean>;

  private constructor(partial: string, file: FileHandle, done: Map<string, boolean>) {
    this.#partial = partial;
    this.#file = file;
    this.#done = done;
  }

  /**
   * Takes up what an earlier run left.
   *
   * @param path - of the file that is to be made
   * @param made - by what results are made, in a word: those by anything else are not mixed with them
   * @throws UserError `other-model`, and what writing gives
   */
  static async open<R extends Result>(path: string, made: string): Promise<PartialResults<R>> {
    const partial = partialPath(path);
    const done = new Map<string, boolean>();
    try {
      await mkdir(dirname(path), { recursive: true });
      const bytes = await wholeLines(partial, (line, place) => {
        const entry = JSON.parse(line) as { made?: string } & R;
        if (place > 0) done.set(entry.id, entry.skipped !== undefined);
        else if (entry.made !== made) {
          const advice = 'go on with the same, or delete the file';
          throw new UserError(
            'other-model',
            `${partial}: holds predictions of another model or by other options; ${advice}`,
          );
        }
      });
      const file = await open(partial, 'a');
      await file.truncate(bytes); // a line that was cut off is made again
      const results = new PartialResults<R>(partial, file, done);
      if (bytes === 0) await results.#write({ made });
      return results;
    } catch (error) {
      throw fileError(error, path, 'written');
    }
  }

  /** Whether a video need not be looked at; those that were skipped are tried again. */
  has(id: string): boolean {
    return this.#done.get(id) === false;
  }

  async add(result: R): Promise<void> {
    await this.#write(result);
    this.#done.set(result.id, result.skipped !== undefined);
  }

  /** All that there is, in the order in which it came; of a video that was tried again, both. */
  async *all(): AsyncGenerator<R> {
    await this.#file.sync();
    let isFirst = true;
    for await (const line of createInterface({ input: createReadStream(this.#partial) })) {
      if (!isFirst) yield JSON.parse(line) as R;
      isFirst = false;
    }
  }

  /** Takes the file away, when what is made of it is there. */
  async remove(): Promise<void> {
    await this[Symbol.asyncDispose]();
    await rm(this.#partial);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }

  async #write(entry: object): Promise<void> {
    try {
      await this.#file.appendFile(`${JSON.stringify(entry)}\n`);
    } catch (error) {
      throw fileError(error, this.#partial, 'written');
    }
  }
}

/** Where results are kept until all are there. */
export const partialPath = (path: string): string => `${path.replace(/(\.json|\.npy)?(\.gz)?$/, '')}.partial.jsonl`;

// ---- below: internals ----

/** Calls with each line that is whole. Gives the bytes that they take; 0 where there is no file. */
async function wholeLines(path: string, visit: (line: string, place: number) => void): Promise<number> {
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  if (size === 0) return 0;
  let bytes = 0;
  let place = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    const end = bytes + Buffer.byteLength(line) + 1;
    if (end > size) break; // without its line break
    visit(line, place++);
    bytes = end;
  }
  return bytes;
}
