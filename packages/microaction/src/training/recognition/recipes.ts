import { motionOnly, tinyVideoMae } from '../../models/backbones/index.ts';
import type { RecognitionRecipeSource } from './recognitionRecipe.ts';

/** SGD with momentum 0.9, at a tenth of the rate after each of some epochs; no averages of weights. */
const stepped = (learningRate: number, epochs: number, steps: number[]) =>
  ({
    epochs,
    warmUpEpochs: 0,
    learningRate: { head: learningRate, backbone: learningRate },
    optimizer: { kind: 'sgd' },
    schedule: { kind: 'step', epochs: steps },
    weightDecay: 1e-4,
    emaDecay: null,
  }) as const;

/** As MANet's authors train it and TSM on MA-52: the published numbers are of these. */
function published(kind: 'tsm' | 'manet', batchSize: number): RecognitionRecipeSource {
  return {
    task: 'recognition',
    name: kind,
    model: { kind },
    loss: kind === 'manet' ? { embeddingWeight: 50 } : {},
    data: { batchSize },
    training: { ...stepped(0.00125, 80, [30, 60]), clipNorm: 20, grouping: 'tsm' },
    evaluation: { everyEpochs: 5 },
  };
}

/**
 * Small enough to learn something from nothing on two cores within minutes: simulated clips, pictures of 64 pixels. Parts
 * are cut out less boldly than where there are thousands of clips.
 */
function tiny(kind: 'tsn' | 'tsm' | 'manet'): RecognitionRecipeSource {
  return {
    task: 'recognition',
    name: `tiny-${kind}`,
    model: { kind, width: 16, depths: [1, 1, 1, 1], dropout: 0.2, normalisation: motionOnly },
    loss: kind === 'manet' ? { embeddingWeight: 1 } : {},
    data: {
      sizePixels: 64,
      shortSidePixels: 72,
      crop: { scales: [1, 0.9] },
      colourJitter: { brightness: 0.5, contrast: 0.5, saturation: 0.5, hue: 0.1 },
      batchSize: 16,
    },
    training: {
      epochs: 20,
      warmUpEpochs: 1,
      learningRate: { head: 2e-3, backbone: 2e-3 },
      weightDecay: 0.02,
      emaDecay: 0.99,
      checkpointMinutes: 2,
    },
    evaluation: { everyEpochs: 5 },
  };
}

/** Recipes by the names that `train` takes. */
export const recognitionRecipes = {
  manet: published('manet', 10),
  tsm: published('tsm', 8),

  // What follows is of mmaction2, whose rates are for all GPUs together: here for the clips of one. How C3D, TSN and SlowFast
  // were trained on MA-52 is not published.

  /** Rate 0.01 for 256 clips. */
  tsn: {
    task: 'recognition',
    name: 'tsn',
    model: { kind: 'tsn' },
    data: { sampling: { kind: 'segments', segments: 3 }, batchSize: 32 },
    training: { ...stepped(0.00125, 100, [40, 80]), clipNorm: 40, grouping: 'all' },
    evaluation: { everyEpochs: 5 },
  },

  /** As MANet's authors train it on MA-52. */
  i3d: {
    task: 'recognition',
    name: 'i3d',
    model: { kind: 'i3d' },
    data: {
      sampling: { kind: 'dense', frames: 32, strideFrames: 2 },
      crop: { scales: [1, 0.8], maxScaleGap: 0, positions: 5 },
    },
    training: { ...stepped(0.01, 100, [40, 80]), clipNorm: 40, grouping: 'all' },
    evaluation: { everyEpochs: 5 },
  },

  /** For Kinetics: rate 0.1 for 64 clips. */
  slowfast: {
    task: 'recognition',
    name: 'slowfast',
    model: { kind: 'slowfast' },
    data: {
      sampling: { kind: 'dense', frames: 32, strideFrames: 2 },
      crop: { area: [0.08, 1], aspect: [3 / 4, 4 / 3] },
    },
    training: {
      ...stepped(0.0125, 256, [1]),
      warmUpEpochs: 34,
      schedule: { kind: 'cosine' },
      clipNorm: 40,
      grouping: 'all',
    },
    evaluation: { everyEpochs: 5 },
  },

  /** For UCF-101, with weights from Sports-1M: rate 0.001 for 240 clips. */
  c3d: {
    task: 'recognition',
    name: 'c3d',
    model: { kind: 'c3d' },
    data: {
      sampling: { kind: 'dense', frames: 16, strideFrames: 1 },
      sizePixels: 112,
      shortSidePixels: 128,
      crop: { scales: [0.875] },
      batchSize: 30,
    },
    training: { ...stepped(1.25e-4, 45, [20, 40]), weightDecay: 5e-4, clipNorm: 40, grouping: 'all' },
    evaluation: { everyEpochs: 5 },
  },

  'tiny-manet': tiny('manet'),
  'tiny-tsm': tiny('tsm'),
  'tiny-tsn': tiny('tsn'),

  /** The backbone of the detectors' recipe `tiny`, to begin that with. */
  'tiny-videomae': {
    ...tiny('tsn'),
    name: 'tiny-videomae',
    model: { kind: 'videomae', ...tinyVideoMae, normalisation: motionOnly },
    data: {
      ...tiny('tsn').data,
      sizePixels: 96,
      shortSidePixels: 96,
      sampling: { kind: 'segments', segments: 16 },
    },
    training: { ...tiny('tsn').training, learningRate: { head: 1e-3, backbone: 1e-3 }, weightDecay: 0.05 },
  },
} as const satisfies Record<string, RecognitionRecipeSource>;

export type RecognitionRecipeName = keyof typeof recognitionRecipes;
