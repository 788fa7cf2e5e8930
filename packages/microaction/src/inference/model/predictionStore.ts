import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { UserError } from '../../errors.ts';
import { fileError } from '../../files/fileError.ts';

/** One thing that a network found, as OpenTAD writes it down. */
export interface PredictedSegment {
  /** Seconds. */
  readonly segment: readonly [start: number, end: number];
  readonly label: string;
  readonly score: number;
}

/** What was found in a video, or why it could not be looked at. */
export type VideoPredictions = { readonly id: string } & (
  | { readonly duration: number; readonly fps: number; readonly annotations: readonly PredictedSegment[] }
  | { readonly skipped: string }
);

/**
 * Predictions of many videos on their way to one file: each video is a line of a file beside it as soon as it is done, so
 * that work that was stopped goes on where it was; in the end the lines become the document that was asked for. Nothing
 * but the names of videos is held in memory.
 */
export class PredictionStore implements AsyncDisposable {
  readonly #path: string;
  readonly #partial: string;
  readonly #file: FileHandle;
  /** Whether each video that was looked at was skipped. */
  readonly #done: Map<string, boolean>;

  private constructor(path: string, file: FileHandle, done: Map<string, boolean>) {
    this.#path = path;
    this.#partial = partialPath(path);
    this.#file = file;
    this.#done = done;
  }

  /**
   * Takes up what an earlier run left.
   *
   * @param path - of the document: JSON, packed where it ends in .gz
   * @param made - by what predictions are made, in a word: those by anything else are not mixed with them
   * @throws UserError `other-model`, and what writing gives
   */
  static async open(path: string, made: string): Promise<PredictionStore> {
    const partial = partialPath(path);
    const done = new Map<string, boolean>();
    try {
      await mkdir(dirname(path), { recursive: true });
      const bytes = await wholeLines(partial, (line, place) => {
        const entry = JSON.parse(line) as { made?: string } & VideoPredictions;
        if (place > 0) done.set(entry.id, 'skipped' in entry);
        else if (entry.made !== made) {
          const advice = 'go on with that one, or delete the file';
          throw new UserError('other-model', `${partial}: holds predictions of another model; ${advice}`);
        }
      });
      const file = await open(partial, 'a');
      await file.truncate(bytes); // a line that was cut off is made again
      const store = new PredictionStore(path, file, done);
      if (bytes === 0) await store.#write({ made });
      return store;
    } catch (error) {
      throw fileError(error, path, 'written');
    }
  }

  /** Whether a video need not be looked at; those that were skipped are tried again. */
  has(id: string): boolean {
    return this.#done.get(id) === false;
  }

  /** Keeps what was found in a video. */
  async add(predictions: VideoPredictions): Promise<void> {
    await this.#write(predictions);
    this.#done.set(predictions.id, 'skipped' in predictions);
  }

  /**
   * Writes the document, whole or not at all: `results` by video, in the layout of ActivityNet and OpenTAD.
   *
   * @param ids - of the videos that it is to hold, in order
   * @param about - what else it says, under `external_data`
   */
  async finish(ids: readonly string[], about: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#file.sync();
    const wanted = new Set(ids);
    const pieces = documentPieces(this.#partial, wanted, about);
    const temporary = `${this.#path}.tmp`;
    const packed = this.#path.endsWith('.gz') ? [createGzip()] : [];
    try {
      await pipeline([Readable.from(pieces), ...packed, createWriteStream(temporary, { flush: true })]);
      await rename(temporary, this.#path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {}); // the first error is the one to tell
      throw fileError(error, this.#path, 'written');
    }
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

/** Where predictions are kept until all are there. */
export const partialPath = (path: string): string => `${path.replace(/(\.json)?(\.gz)?$/, '')}.partial.jsonl`;

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

async function* documentPieces(
  partial: string,
  wanted: ReadonlySet<string>,
  about: Readonly<Record<string, unknown>>,
): AsyncGenerator<string> {
  const videos: Record<string, object> = {};
  const skipped: Record<string, string> = {};
  let isFirst = true;
  yield '{"version":"microaction 1","results":{';
  for await (const line of createInterface({ input: createReadStream(partial) })) {
    const entry = JSON.parse(line) as VideoPredictions;
    if (!wanted.has(entry.id)) continue;
    if ('skipped' in entry) {
      skipped[entry.id] = entry.skipped;
      continue;
    }
    const { id, annotations, ...rest } = entry;
    delete skipped[id];
    videos[id] = rest;
    yield `${isFirst ? '' : ','}\n${JSON.stringify(id)}:${JSON.stringify(annotations)}`;
    isFirst = false;
  }
  yield `\n},"external_data":${JSON.stringify({ ...about, videos, skipped })}}\n`;
}
