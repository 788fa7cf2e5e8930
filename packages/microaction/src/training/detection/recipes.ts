import { motionOnly, tinyVideoMae, videoMaeSizes } from '../../models/backbones/index.ts';
import type { AdapterName, DetectionRecipeSource } from './detectionRecipe.ts';

/**
 * VideoMAE with adapters and ActionFormer, by OpenTAD's recipe of AdaTAD on MultiTHUMOS, which trains several actions at
 * a time. MMAD (Li et al., arXiv 2407.05311) says what is other: 52 classes, pictures of 160 pixels; of window, stride,
 * epochs, batch and suppression it says nothing. Windows go in buckets by their length.
 */
function adapted(name: string, size: 'small' | 'base', adapter: AdapterName): DetectionRecipeSource {
  return {
    task: 'detection',
    name,
    backbone: { ...videoMaeSizes[size], dropPath: 0.1 },
    adapter,
    tuned: 'adapters',
    training: { epochs: 80, scheduleEpochs: 100, learningRate: { head: 1e-4, backbone: 4e-4 }, rematerialise: true },
    evaluation: { fromEpoch: 50 },
  };
}

/** Recipes by the names that `train` takes. */
export const detectionRecipes = {
  'dsta-s': adapted('dsta-s', 'small', 'dsta'),
  'dsta-b': adapted('dsta-b', 'base', 'dsta'),
  'adatad-s': adapted('adatad-s', 'small', 'tia'),
  'adatad-b': adapted('adatad-b', 'base', 'tia'),
  'standard-s': adapted('standard-s', 'small', 'standard'),

  /** All of the backbone is trained, at the rate that OpenTAD's detectors of that kind have. */
  'full-s': {
    ...adapted('full-s', 'small', 'standard'),
    adapter: null,
    tuned: 'all',
    training: { epochs: 80, scheduleEpochs: 100, learningRate: { head: 1e-4, backbone: 1e-5 }, rematerialise: true },
  },

  /** Features of VideoMAE-S, one for each 4 frames, made beforehand; ActionFormer by its MultiTHUMOS recipe. */
  'snippet-s': {
    task: 'detection',
    name: 'snippet-s',
    backbone: null,
    tuned: 'nothing',
    detector: { window: 19 },
    data: {
      features: { channels: 384, strideFrames: 4, offsetFrames: 8 },
      windowSteps: 2304,
      bucketSteps: [96, 192, 384, 768, 1152, 2304],
      leastPart: 0.5,
    },
    training: { epochs: 45, scheduleEpochs: 65, learningRate: { head: 1e-4, backbone: 1e-4 } },
    evaluation: { fromEpoch: 20 },
  },

  /** Small enough to be trained from nothing on two cores: for trying things out, and for simulated videos. */
  tiny: {
    task: 'detection',
    name: 'tiny',
    backbone: tinyVideoMae,
    normalisation: motionOnly,
    tuned: 'all',
    detector: { features: 128, convolutions: 2, levels: 5, dropPath: 0 },
    data: {
      sizePixels: 96,
      windowSteps: 128,
      bucketSteps: [48, 80, 128],
      batchSize: 2,
      augment: { crop: null, flip: 0, randAugment: null, colourJitter: null },
    },
    training: {
      epochs: 60,
      warmUpEpochs: 3,
      learningRate: { head: 1e-3, backbone: 5e-4 },
      emaDecay: 0.99,
      checkpointMinutes: 2,
    },
    evaluation: { everyEpochs: 10, maxCandidates: 2000, maxInstances: 500 },
  },

  /** As `tiny`, on features of every 4th frame that a recogniser trained by `tiny-tsm` or `tiny-manet` makes. */
  'tiny-snippets': {
    task: 'detection',
    name: 'tiny-snippets',
    backbone: null,
    tuned: 'nothing',
    detector: { features: 128, convolutions: 2, levels: 5, inputDropout: 0.2 },
    data: {
      features: { channels: 512, strideFrames: 4, offsetFrames: 16 },
      windowSteps: 128,
      bucketSteps: [48, 80, 128],
      leastPart: 0.5,
      batchSize: 4,
    },
    training: { epochs: 40, warmUpEpochs: 3, learningRate: { head: 1e-3, backbone: 1e-3 }, emaDecay: 0.99 },
    evaluation: { everyEpochs: 10, maxCandidates: 2000, maxInstances: 500 },
  },
} as const satisfies Record<string, DetectionRecipeSource>;

export type DetectionRecipeName = keyof typeof detectionRecipes;
