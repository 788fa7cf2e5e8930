import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { Dice } from '../../dice.ts';
import { UserError } from '../../errors.ts';
import { type Range, sampleCount } from '../../inference/windows.ts';
import { type Augmentation, type AugmentOptions, drawAugmentation } from '../augment/augment.ts';
import type { Clip, Pictures } from '../augment/clip.ts';
import type { Size } from '../augment/crop.ts';
import { ByteCache } from './byteCache.ts';
import type { DecodedPiece, DecodedPieces, MeasuredVideo } from './decodePictures.ts';
import type { FrameAnswer, FrameTask } from './frameWorker.ts';

export type { MeasuredVideo } from './decodePictures.ts';

export interface FrameStoreOptions {
  /**
   * Of pictures as they are kept; those of smaller videos stay as they are. Where parts of them are cut out, larger than
   * the network's pictures: 182 for 160 in official recipes.
   */
  readonly shortSidePixels: number;
  /** Bytes of pictures that are kept for the next time; 1 GiB unless given. What is being worked on comes on top. */
  readonly cacheBytes?: number;
  /** Threads that decode and augment; one less than there are cores unless given. */
  readonly threads?: number;
}

/** A part of a video, counted in samples: every `strideFrames`th frame is one. */
export interface Excerpt {
  readonly video: MeasuredVideo;
  readonly strideFrames: number;
  readonly range: Range;
}

/** Some frames of a video, in any order, also several times. */
export interface Selection {
  readonly video: MeasuredVideo;
  readonly frames: ArrayLike<number>;
}

export interface ClipOptions {
  readonly sizePixels: number;
  readonly augment: AugmentOptions;
  /** Of all that is drawn. */
  readonly seed: number;
}

/** Pictures of videos, decoded, shrunk and augmented in threads; a set that is small enough is decoded once. */
export class FrameStore implements AsyncDisposable {
  /** Of pictures as they are kept, unless their video is smaller. */
  readonly shortSidePixels: number;
  readonly #pool: Piscina<FrameTask, FrameAnswer>;
  readonly #pieces: ByteCache<Piece>;
  /** Why pieces did not decode: they are not tried again, while other parts of the same video may be whole. */
  readonly #refused = new Map<string, UserError>();

  constructor({ shortSidePixels, cacheBytes = 2 ** 30, threads }: FrameStoreOptions) {
    this.shortSidePixels = shortSidePixels;
    this.#pieces = new ByteCache(cacheBytes, ({ data }) => data.byteLength);
    this.#pool = new Piscina({
      filename: fileURLToPath(new URL(`./frameWorker${extname(import.meta.url)}`, import.meta.url)),
      minThreads: 1,
      maxThreads: threads ?? Math.max(1, availableParallelism() - 1),
      idleTimeout: 60_000,
    });
  }

  /** Of the pictures that are kept. */
  get cachedBytes(): number {
    return this.#pieces.bytes;
  }

  /** @throws UserError for what is not a whole video */
  measure(path: string): Promise<MeasuredVideo> {
    return this.#ask({ kind: 'measure', path });
  }

  /** @throws UserError for what is not a video; `damaged-video` */
  async pictures(part: Excerpt | Selection): Promise<Pictures> {
    if ('range' in part) return this.#stretch(part);
    const frames = Array.from(part.frames);
    const [start, end] = [Math.min(...frames), Math.max(...frames) + 1];
    const { pictures, ...size } = await this.#stretch({ ...part, strideFrames: 1, range: { start, end } });
    return { pictures: frames.map((frame) => pictures[frame - start]), ...size };
  }

  /** Pictures of a part of a video as a network takes them, and what was drawn for them. Fails as `pictures` does. */
  async clip(part: Excerpt | Selection, options: ClipOptions): Promise<Clip & { readonly drawn: Augmentation }> {
    const { sizePixels, augment, seed } = options;
    const pictures = await this.pictures(part);
    const augmentation = drawAugmentation(pictures, augment, sizePixels, new Dice(seed));
    const data: Uint8Array<ArrayBuffer> = await this.#ask({ kind: 'augment', pictures, sizePixels, augmentation });
    const frames = pictures.pictures.length;
    return { data, frames, widthPixels: sizePixels, heightPixels: sizePixels, drawn: augmentation };
  }

  /** Ends the threads; what is still asked for fails. */
  close(): Promise<void> {
    return this.#pool.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #stretch({ video, strideFrames, range }: Excerpt): Promise<Pictures> {
    const [first, last] = [Math.floor(range.start / pieceSamples), Math.floor((range.end - 1) / pieceSamples)];
    const keyOf = (piece: number) => `${strideFrames} ${piece} ${video.path}`;
    for (let piece = first; piece <= last; piece++) {
      const refused = this.#refused.get(keyOf(piece));
      if (refused) throw refused;
    }
    const wanted = Array.from({ length: last - first + 1 }, (_, i) => this.#pieces.get(keyOf(first + i)));
    for (let i = 0; i < wanted.length; i++) {
      if (wanted[i]) continue;
      // Pieces that are missing side by side are decoded in one go.
      let end = i + 1;
      while (end < wanted.length && !wanted[end]) end++;
      const decoded = this.#decode(video, strideFrames, first + i, first + end);
      for (let k = i; k < end; k++) {
        const piece = decoded.then(({ pieces, ...size }): Piece => {
          checkPiece(pieces[k - i], size, video.path);
          return { data: pieces[k - i].data, ...size };
        });
        piece.catch((error) => {
          if (error instanceof UserError) this.#refused.set(keyOf(first + k), error);
        });
        wanted[k] = piece;
        this.#pieces.put(keyOf(first + k), piece);
      }
    }
    const pieces = await Promise.all(wanted as Promise<Piece>[]);
    const { widthPixels, heightPixels } = pieces[0];
    const bytes = widthPixels * heightPixels * 3;
    const pictures = Array.from({ length: range.end - range.start }, (_, i) => {
      const sample = range.start + i - first * pieceSamples;
      const at = (sample % pieceSamples) * bytes;
      return pieces[Math.floor(sample / pieceSamples)].data.subarray(at, at + bytes);
    });
    return { pictures, widthPixels, heightPixels };
  }

  #decode({ path, frames }: MeasuredVideo, strideFrames: number, from: number, to: number): Promise<DecodedPieces> {
    return this.#ask({
      kind: 'decode',
      path,
      strideFrames,
      start: from * pieceSamples,
      end: Math.min(to * pieceSamples, sampleCount({ frames, strideFrames })),
      pieceSamples,
      shortSidePixels: this.shortSidePixels,
    });
  }

  async #ask<Answer>(task: FrameTask): Promise<Answer> {
    const answer = await this.#pool.run(task);
    if ('refused' in answer) throw new UserError(answer.refused.code, answer.refused.message);
    return answer as Answer;
  }
}

// ---- below: internals ----

/** Successive pictures. */
interface Piece {
  /** [samples, height, width, 3] */
  readonly data: Uint8Array<SharedArrayBuffer>;
  readonly widthPixels: number;
  readonly heightPixels: number;
}

/** Samples that are kept or let go together. */
const pieceSamples = 32;

/** Where no more of a piece is lost, its pictures are shown. */
const mostLost = 0.1;

function checkPiece({ data, lost }: DecodedPiece, { widthPixels, heightPixels }: Size, path: string): void {
  const samples = data.length / (widthPixels * heightPixels * 3);
  if (lost <= mostLost * samples) return;
  throw new UserError(
    'damaged-video',
    `${path}: ${lost} of ${samples} frames that follow each other do not decode; copy the file again, or leave it out`,
  );
}
