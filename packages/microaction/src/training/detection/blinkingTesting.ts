import { Dice } from '../../dice.ts';
import { TableBuilder } from '../../evaluation/detection/detectionTable.ts';
import { seededRandom, shuffled } from '../../random.ts';
import { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { BatchSource } from '../batches.ts';
import { type DetectionRecipe, type DetectionRecipeSource, parseRecipe } from '../recipe.ts';
import type { DetectionBatch } from './detectionBatch.ts';
import type { JudgedVideos } from './detectionTask.ts';

/** Small videos, made here, in which one of two corners of the picture lights up for a while; that is the action. */
export interface Blinking {
  readonly recipe: DetectionRecipe;
  readonly batches: BatchSource<DetectionBatch>;
  readonly judged: JudgedVideos;
}

export const blinkingTaxonomy = new Taxonomy({
  name: 'blinking',
  bodyParts: [{ code: 'A', name: 'corner' }],
  actions: ['left', 'right'].map((name, id) => ({ id, code: `A${id}`, name, description: '', bodyPart: 'A' })),
});

export const blinkingRecipe: DetectionRecipeSource = {
  task: 'detection',
  name: 'blinking',
  taxonomy: blinkingTaxonomy.toJSON() as DetectionRecipeSource['taxonomy'],
  backbone: { width: 16, depth: 1, heads: 2, patchPixels: 8, picturePixels: 16, clipFrames: 8, dropPath: 0.1 },
  tuned: 'all',
  detector: { features: 16, convolutions: 1, levels: 2, heads: 2, dropPath: 0.1, headConvolutions: 0 },
  data: { sizePixels: 16, frameStride: 1, windowSteps: 32, bucketSteps: [16, 32], batchSize: 2 },
  training: {
    epochs: 3,
    warmUpEpochs: 1,
    learningRate: { head: 3e-3, backbone: 3e-3 },
    emaDecay: 0.9,
    logSteps: 1,
  },
  evaluation: { everyEpochs: 2 },
};

/**
 * @param changes - of the training section
 * @param lengths - of windows; a program is compiled for each
 */
export function blinking(
  changes: Partial<DetectionRecipeSource['training']> = {},
  lengths: readonly number[] = [16],
): Blinking {
  const videos = 8;
  const training = { ...blinkingRecipe.training, ...changes };
  const recipe = parseRecipe({ ...blinkingRecipe, training }, 'blinking');
  const all = Array.from({ length: videos }, (_, number) => videoOf(number, lengths));
  const truth = new TableBuilder('blinking', 'truth');
  for (const { id, frames, actions } of all) {
    const video = truth.video(id, frames / frameRate);
    for (const [i, { start, end, name }] of actions.entries()) {
      truth.add(video, name, start / frameRate, end / frameRate, 0, i);
    }
  }
  return {
    recipe,
    batches: {
      skipped: [],
      batchCount: () => Math.ceil(videos / 2),
      async *epoch(epoch, from = 0) {
        const order = shuffled(all, seededRandom(epoch));
        // Videos of one length go together.
        const sorted = order.sort((a, b) => a.length - b.length);
        for (let i = 2 * from; i < sorted.length; i += 2) yield batchOf(sorted.slice(i, i + 2));
      },
    },
    judged: {
      truth: truth.finish(),
      async *windows() {
        for (const { id, frames, length, pictures } of all) {
          yield {
            video: id,
            durationSeconds: frames / frameRate,
            input: pictures,
            inputShape: [3, length, side, side],
            validSteps: frames,
            grid: { kind: 'strided', frameRate, strideFrames: 1 },
          };
        }
      },
    },
  };
}

// ---- below: internals ----

const frameRate = 10;
const side = 16;

interface BlinkingVideo {
  readonly id: string;
  readonly frames: number;
  readonly length: number;
  readonly pictures: Uint8Array; // [3, length, side, side]
  readonly actions: readonly { readonly start: number; readonly end: number; readonly name: string }[];
}

function videoOf(number: number, lengths: readonly number[]): BlinkingVideo {
  const dice = new Dice(17).fork(number);
  const length = lengths[(number >> 1) % lengths.length];
  const frames = length - dice.integer(0, 4);
  const start = dice.integer(1, 5);
  const corner = dice.integer(0, 1);
  const action = { start, end: start + dice.integer(5, frames - start - 1), name: ['left', 'right'][corner] };
  const pictures = new Uint8Array(3 * length * side * side);
  for (let channel = 0; channel < 3; channel++) {
    for (let frame = 0; frame < frames; frame++) {
      for (let row = 0; row < side; row++) {
        for (let column = 0; column < side; column++) {
          const isLit = frame >= action.start && frame < action.end && row < 8 && column < 8 === (corner === 0);
          const at = ((channel * length + frame) * side + row) * side + column;
          pictures[at] = (isLit ? 200 : 60) + dice.integer(0, 30);
        }
      }
    }
  }
  return { id: `video${number}`, frames, length, pictures, actions: [action] };
}

function batchOf(videos: readonly BlinkingVideo[]): DetectionBatch {
  const length = Math.max(...videos.map((video) => video.length));
  const same = videos.filter((video) => video.length === length);
  const size = 3 * length * side * side;
  const input = new Uint8Array(same.length * size);
  const mask = new Uint8Array(same.length * length);
  for (const [i, { pictures, frames }] of same.entries()) {
    input.set(pictures, i * size);
    mask.fill(1, i * length, i * length + frames);
  }
  return {
    input,
    inputShape: [same.length, 3, length, side, side],
    mask,
    truths: same.map(({ actions }) => ({
      starts: Float32Array.from(actions, ({ start }) => start),
      ends: Float32Array.from(actions, ({ end }) => end),
      classes: Int32Array.from(actions, ({ name }) => blinkingTaxonomy.get(name).id),
    })),
    videos: same.map(({ id }) => id),
  };
}
