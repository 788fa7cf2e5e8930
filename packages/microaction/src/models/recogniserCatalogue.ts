import { input } from 'onnxgrad';
import { countParameters, Initializer, stateOf } from 'onnxgrad/nn';
import { multiplyAdds } from './multiplyAdds.ts';
import { makeRecogniser, type RecogniserOptions } from './recognition/index.ts';

/** A recogniser as the literature has it, and what of it is here. */
export interface RecogniserEntry {
  readonly name: string;
  readonly title: string;
  /** What `train recognition --recipe` takes. */
  readonly recipe: string;
  /** Frames of a clip and their sides in pixels, as its recipe has them. */
  readonly input: { readonly frames: number; readonly pixels: number };
  /** With a classifier of 52 actions. */
  readonly parameters: number;
  /** Those of official checkpoints, where they hold weights that nothing uses. */
  readonly officialParameters?: number;
  /** For one clip. */
  readonly multiplyAdds: number;
  /** On the test clips of MA-52 in percent (Guo et al. 2024, arXiv 2403.05234, main table). */
  readonly published: PublishedRecognition;
  /** Cases of official numbers that `npm run golden` holds it against, all of which pass. */
  readonly golden: readonly string[];
  readonly note?: string;
}

export interface PublishedRecognition {
  readonly bodyTop1: number;
  readonly actionTop1: number;
  readonly actionTop5: number;
  /** The mean of macro and micro F1 of body parts and actions. */
  readonly f1Mean: number;
  /** Whether the numbers stand in the authors' own README; others are at second hand. */
  readonly isOfficial: boolean;
}

/** Every recogniser there is. Parameters and products are counted on the models themselves. */
export function recogniserCatalogue(): RecogniserEntry[] {
  return [
    entry(
      { kind: 'manet', classes },
      {
        title: 'MANet: ResNet-50, gates of channels, temporal shift, meanings of labels',
        input: { frames: 8, pixels: 224 },
        published: official(78.95, 61.33, 88.83, 65.59),
        golden: [
          'manet_tiny',
          'manet_r50w8_forward',
          'manet_head',
          'manet_optimizer',
          'manet_word_vectors',
          'se_block',
          'se_temporal_shift',
          'bottleneck_manet_down',
          'bottleneck_manet_identity',
          'checkpoint_mmcv',
        ],
        note: 'official checkpoints also hold three layers in each block that nothing uses',
      },
    ),
    entry(
      { kind: 'tsm', classes },
      {
        title: 'TSM: ResNet-50, temporal shift',
        input: { frames: 8, pixels: 224 },
        published: official(77.64, 56.75, 87.47, 61.39),
        golden: ['tsm_tiny', 'bottleneck_tsm_down', 'bottleneck_tsm_identity'],
      },
    ),
    entry(
      { kind: 'tsn', classes },
      {
        title: 'TSN: ResNet-50, frame by frame',
        input: { frames: 3, pixels: 224 },
        published: { ...official(59.22, 34.46, 73.34, 43.67), isOfficial: false },
        golden: ['tsn_tiny'],
      },
    ),
    entry(
      { kind: 'i3d', classes },
      {
        title: 'I3D: ResNet-50 inflated over time',
        input: { frames: 32, pixels: 224 },
        published: official(78.16, 57.07, 88.67, 61.66),
        golden: ['i3d_tiny'],
      },
    ),
    entry(
      { kind: 'slowfast', classes },
      {
        title: 'SlowFast: ResNet-50, 4 and 32 frames',
        input: { frames: 32, pixels: 224 },
        published: official(77.18, 59.6, 88.54, 63.09),
        golden: ['slowfast_tiny'],
      },
    ),
    entry(
      { kind: 'c3d', classes },
      {
        title: 'C3D: eight convolutions over time and space',
        input: { frames: 16, pixels: 112 },
        published: official(74.04, 52.22, 86.97, 58.43),
        golden: ['c3d_tiny'],
      },
    ),
  ];
}

// ---- below: internals ----

const classes = 52;

const official = (bodyTop1: number, actionTop1: number, actionTop5: number, f1Mean: number): PublishedRecognition => ({
  bodyTop1,
  actionTop1,
  actionTop5,
  f1Mean,
  isOfficial: true,
});

type Described = Pick<RecogniserEntry, 'title' | 'input' | 'published' | 'golden' | 'note'>;

function entry(options: RecogniserOptions, described: Described): RecogniserEntry {
  const { frames, pixels } = described.input;
  const model = makeRecogniser(options, new Initializer(null));
  const { logits, embedding } = model.recognise(input('clips', [1, 3, frames, pixels, pixels], 'uint8'));
  const parameters = countParameters(model).total;
  const unused = unusedParameters(model);
  return {
    name: options.kind,
    recipe: options.kind,
    ...described,
    parameters,
    ...(unused > 0 && { officialParameters: parameters + unused }),
    multiplyAdds: multiplyAdds(embedding ? [logits, embedding] : [logits]),
  };
}

/**
 * What official checkpoints hold beside each gate of c channels: two convolutions of c and c / 4, and one over three frames
 * of c / 4 (`action_p2_squeeze`, `expand` and `conv1`).
 */
function unusedParameters(model: object): number {
  const gates = [...stateOf(model)].filter(([name]) => name.endsWith('.fcce.0.weight'));
  return gates.reduce(
    (
      sum,
      [
        ,
        {
          shape: [reduced, channels],
        },
      ],
    ) => sum + 2 * reduced * channels + 3 * reduced ** 2,
    0,
  );
}
