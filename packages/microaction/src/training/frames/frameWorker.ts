import { move } from 'piscina';
import { UserError } from '../../errors.ts';
import { type Augmentation, augmented } from '../augment/augment.ts';
import type { Pictures } from '../augment/clip.ts';
import {
  type DecodedPieces,
  type DecodeRequest,
  decodePictures,
  type MeasuredVideo,
  measureVideo,
} from './decodePictures.ts';

/** What a thread of `FrameStore` is asked for. */
export type FrameTask =
  | { readonly kind: 'measure'; readonly path: string }
  | ({ readonly kind: 'decode' } & DecodeRequest)
  | ({ readonly kind: 'augment' } & AugmentTask);

export interface AugmentTask {
  /** In memory that threads share. */
  readonly pictures: Pictures;
  readonly sizePixels: number;
  readonly augmentation: Augmentation;
}

/** What comes back; [3, frames, size, size] of augmentation. */
export type FrameAnswer = MeasuredVideo | DecodedPieces | Uint8Array<ArrayBuffer> | Refusal;

/** A UserError, which loses its class and code on its way out of a thread. */
export interface Refusal {
  readonly refused: { readonly code: string; readonly message: string };
}

export default async function work(task: FrameTask): Promise<unknown> {
  try {
    switch (task.kind) {
      case 'measure':
        return await measureVideo(task.path);
      case 'decode':
        return await decodePictures(task);
      case 'augment': {
        const { pictures, sizePixels, augmentation } = task;
        return move(augmented(pictures, augmentation, sizePixels).data);
      }
    }
  } catch (error) {
    if (error instanceof UserError) return { refused: { code: error.code, message: error.message } } satisfies Refusal;
    throw error;
  }
}
