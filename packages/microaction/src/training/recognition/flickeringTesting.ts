import { Dice } from '../../dice.ts';
import { seededRandom, shuffled } from '../../random.ts';
import type { BatchSource } from '../batches.ts';
import { parseRecipe } from '../recipe.ts';
import type { RecognitionBatch } from './recognitionBatch.ts';
import type { JudgedClips } from './recognitionBatches.ts';
import type { RecognitionRecipe, RecognitionRecipeSource } from './recognitionRecipe.ts';

// Small clips, made here, in which one of two corners of the picture lights up, at the beginning or at the end. Not part
// of the library.

const side = 16;
const frames = 4;

/** Clips, and a small recogniser with batch norms to tell the four actions apart. */
export interface Flickering {
  readonly recipe: RecognitionRecipe;
  readonly batches: BatchSource<RecognitionBatch>;
  readonly judged: JudgedClips;
}

export const flickeringRecipe = {
  task: 'recognition',
  name: 'flickering',
  taxonomy: {
    name: 'flickering',
    bodyParts: [
      { code: 'L', name: 'left corner' },
      { code: 'R', name: 'right corner' },
    ],
    actions: ['L', 'R'].flatMap((bodyPart, part) =>
      ['first', 'last'].map((when, i) => ({
        id: 2 * part + i,
        code: `${bodyPart}${i}`,
        name: `${bodyPart} ${when}`,
        bodyPart,
      })),
    ),
  },
  model: { kind: 'tsm', width: 8, depths: [1, 1, 1, 1], dropout: 0.2 },
  data: { sizePixels: side, shortSidePixels: side, sampling: { kind: 'segments', segments: 4 }, batchSize: 8 },
  training: {
    epochs: 3,
    warmUpEpochs: 0,
    learningRate: { head: 0.02, backbone: 0.02 },
    optimizer: { kind: 'sgd' },
    schedule: { kind: 'step', epochs: [2] },
    grouping: 'tsm',
    emaDecay: 0.9,
    logSteps: 1,
  },
  evaluation: { everyEpochs: 2 },
} satisfies RecognitionRecipeSource;

/** @param changes - of the recipe, by its sections */
export function flickering(changes: Partial<RecognitionRecipeSource> = {}): Flickering {
  const training = { ...flickeringRecipe.training, ...changes.training };
  const recipe = parseRecipe({ ...flickeringRecipe, ...changes, training }, 'flickering');
  const clips = Array.from({ length: 36 }, (_, number) => clipOf(number));
  const [own, unseen] = [clips.slice(0, 24), clips.slice(24)];
  return {
    recipe,
    batches: {
      skipped: [],
      batchCount: () => own.length / 8,
      async *epoch(epoch, from = 0) {
        const order = shuffled(own, seededRandom(epoch));
        for (let i = 8 * from; i < own.length; i += 8) yield batchOf(order.slice(i, i + 8));
      },
    },
    judged: {
      skipped: [],
      async *batches() {
        yield batchOf(unseen);
      },
    },
  };
}

// ---- below: internals ----

interface FlickeringClip {
  readonly id: string;
  readonly classId: number;
  readonly pictures: Uint8Array; // [3, frames, side, side]
}

function clipOf(number: number): FlickeringClip {
  const dice = new Dice(23).fork(number);
  const classId = number % 4;
  const pictures = Uint8Array.from({ length: 3 * frames * side * side }, (_, i) => {
    const [column, row, frame] = [i % side, Math.floor(i / side) % side, Math.floor(i / side ** 2) % frames];
    const isLit = row < 8 && column < 8 === classId < 2 && frame < 2 === (classId % 2 === 0);
    return (isLit ? 180 : 60) + dice.integer(0, 60);
  });
  return { id: `clip${number}`, classId, pictures };
}

function batchOf(clips: readonly FlickeringClip[]): RecognitionBatch {
  const targets = new Float32Array(clips.length * 4);
  for (const [i, { classId }] of clips.entries()) targets[4 * i + classId] = 1;
  return {
    input: Uint8Array.from(clips.flatMap(({ pictures }) => [...pictures])),
    inputShape: [clips.length, 3, frames, side, side],
    targets,
    videos: clips.map(({ id }) => id),
  };
}
