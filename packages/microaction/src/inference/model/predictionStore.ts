import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { fileError } from '../../files/fileError.ts';
import { PartialResults } from './partialResults.ts';

/** One thing that a network found, as OpenTAD writes it down. */
export interface PredictedSegment {
  /** Seconds. */
  readonly segment: readonly [start: number, end: number];
  readonly label: string;
  readonly score: number;
}

/** What was found in a video, or why it could not be looked at. */
export type VideoPredictions = { readonly id: string } & (
  | {
      readonly duration: number;
      readonly fps: number;
      readonly annotations: readonly PredictedSegment[];
      readonly skipped?: undefined;
    }
  | { readonly skipped: string }
);

/** Predictions of many videos on their way to one document; see `PartialResults`. */
export class PredictionStore implements AsyncDisposable {
  readonly #path: string;
  readonly #results: PartialResults<VideoPredictions>;

  private constructor(path: string, results: PartialResults<VideoPredictions>) {
    this.#path = path;
    this.#results = results;
  }

  /**
   * Takes up what an earlier run left.
   *
   * @param path - of the document: JSON, packed where it ends in .gz
   * @param made - by what predictions are made, in a word: those by anything else are not mixed with them
   * @throws UserError `other-model`, and what writing gives
   */
  static async open(path: string, made: string): Promise<PredictionStore> {
    return new PredictionStore(path, await PartialResults.open<VideoPredictions>(path, made));
  }

  /** Whether a video need not be looked at; those that were skipped are tried again. */
  has(id: string): boolean {
    return this.#results.has(id);
  }

  /** Keeps what was found in a video. */
  add(predictions: VideoPredictions): Promise<void> {
    return this.#results.add(predictions);
  }

  /**
   * Writes the document, whole or not at all: `results` by video, in the layout of ActivityNet and OpenTAD.
   *
   * @param ids - of the videos that it is to hold, in order
   * @param about - what else it says, under `external_data`
   */
  async finish(ids: readonly string[], about: Readonly<Record<string, unknown>>): Promise<void> {
    const pieces = documentPieces(this.#results.all(), new Set(ids), about);
    const temporary = `${this.#path}.tmp`;
    const packed = this.#path.endsWith('.gz') ? [createGzip()] : [];
    try {
      await pipeline([Readable.from(pieces), ...packed, createWriteStream(temporary, { flush: true })]);
      await rename(temporary, this.#path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {}); // the first error is the one to tell
      throw fileError(error, this.#path, 'written');
    }
    await this.#results.remove();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#results[Symbol.asyncDispose]();
  }
}

// ---- below: internals ----

async function* documentPieces(
  all: AsyncIterable<VideoPredictions>,
  wanted: ReadonlySet<string>,
  about: Readonly<Record<string, unknown>>,
): AsyncGenerator<string> {
  const videos: Record<string, object> = {};
  const skipped: Record<string, string> = {};
  let isFirst = true;
  yield '{"version":"microaction 1","results":{';
  for await (const entry of all) {
    if (!wanted.has(entry.id)) continue;
    if (entry.skipped !== undefined) {
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
