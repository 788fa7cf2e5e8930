import { dropout, maxPool, named, relu, reshape, type Tensor } from 'onnxgrad';
import { Convolution, type Initializer, inference, Linear, type Mode } from 'onnxgrad/nn';
import { type Axes, centred, heNormal } from '../backbones/bottleneck3d.ts';
import { type Normalisation, normalised } from '../backbones/clipFeatures.ts';
import { Classifier } from '../heads/index.ts';
import type { CommonOptions } from './commonOptions.ts';
import type { Recognised, Recogniser } from './recogniser.ts';
import { requireClips } from './requireClips.ts';

/** Dropout, 0.5 unless given, also follows each of the two fully connected layers. */
export interface C3dOptions extends CommonOptions {
  readonly kind: 'c3d';
  /** Frames of a clip; 16 unless given. */
  readonly frames?: number;
  /** Pixels of a frame's sides; 112 unless given. */
  readonly pixels?: number;
  /** Channels of the five stages of convolutions; 64, 128, 256, 512, 512 unless given. */
  readonly widths?: readonly number[];
  /** Numbers out of each of the two fully connected layers; 4096 unless given. */
  readonly hidden?: number;
}

/** Red, green and blue as mmaction2 gives them to C3D. */
export const c3dNormalisation: Normalisation = { mean: [104, 117, 128], deviation: [1, 1, 1] };

/** Eight convolutions of 3 × 3 × 3 and two fully connected layers, without norms (Tran et al. 2015, arXiv 1412.0767). */
export class C3d implements Recogniser {
  readonly backbone: C3dBackbone;
  readonly cls_head: Classifier;
  readonly options: C3dOptions;

  constructor(options: C3dOptions, init: Initializer) {
    const { classes, parts, hidden = 4096, dropout: rate = 0.5 } = options;
    this.backbone = new C3dBackbone(options, init);
    this.cls_head = new Classifier({ inputs: hidden, classes, parts, dropout: rate }, init);
    this.options = options;
  }

  get classes(): number {
    return this.options.classes;
  }

  /** @param clips - [B, 3, frames, pixels, pixels], 0 to 255, of any type */
  recognise(clips: Tensor, mode: Mode = inference): Recognised {
    const { normalisation = c3dNormalisation, frames = 16, pixels = 112 } = this.options;
    requireClips('c3d', clips, [frames, pixels, pixels]);
    const features = named('backbone', () => this.backbone.apply(normalised(clips, normalisation), mode));
    return { logits: named('cls_head', () => this.cls_head.apply(features, mode)), features };
  }
}

export class C3dBackbone {
  readonly conv1a: BiasedConvolution;
  readonly conv2a: BiasedConvolution;
  readonly conv3a: BiasedConvolution;
  readonly conv3b: BiasedConvolution;
  readonly conv4a: BiasedConvolution;
  readonly conv4b: BiasedConvolution;
  readonly conv5a: BiasedConvolution;
  readonly conv5b: BiasedConvolution;
  readonly fc6: Linear;
  readonly fc7: Linear;
  readonly dropout: { readonly rate: number; readonly streams: readonly [number, number] };

  constructor(options: Omit<C3dOptions, 'kind' | 'classes'>, init: Initializer) {
    const { frames = 16, pixels = 112, widths = [64, 128, 256, 512, 512], hidden = 4096 } = options;
    const [first, second, third, fourth, fifth] = widths;
    this.conv1a = convolution(3, first, init);
    this.conv2a = convolution(first, second, init);
    this.conv3a = convolution(second, third, init);
    this.conv3b = convolution(third, third, init);
    this.conv4a = convolution(third, fourth, init);
    this.conv4b = convolution(fourth, fourth, init);
    this.conv5a = convolution(fourth, fifth, init);
    this.conv5b = convolution(fifth, fifth, init);
    const initial = { kind: 'normal', std: 0.005 } as const;
    const side = lastSide(pixels);
    const inputs = fifth * Math.floor(frames / 16) * side * side;
    this.fc6 = new Linear({ inputs, outputs: hidden, initial }, init);
    this.fc7 = new Linear({ inputs: hidden, outputs: hidden, initial }, init);
    this.dropout = { rate: options.dropout ?? 0.5, streams: [init.stream(), init.stream()] };
  }

  /** clips: [N, 3, frames, pixels, pixels], normalised → [N, hidden]. */
  apply(clips: Tensor, mode: Mode = inference): Tensor {
    const layer = (x: Tensor, { conv }: BiasedConvolution) => relu(conv.apply(x));
    const halved = (x: Tensor, ...convolutions: BiasedConvolution[]) => maxPool(convolutions.reduce(layer, x), 2);
    let x = maxPool(layer(clips, this.conv1a), [1, 2, 2]);
    x = halved(x, this.conv2a);
    x = halved(x, this.conv3a, this.conv3b);
    x = halved(x, this.conv4a, this.conv4b);
    x = maxPool([this.conv5a, this.conv5b].reduce(layer, x), 2, { padding: [0, 1, 1] });
    x = reshape(x, [clips.shape[0], -1]);
    for (const [index, connected] of [this.fc6, this.fc7].entries()) {
      x = dropout(relu(connected.apply(x)), this.dropout.rate, { ...mode, stream: this.dropout.streams[index] });
    }
    return x;
  }
}

// ---- below: internals ----

/** Its convolution in a field of its own, as mmaction2 names it. */
interface BiasedConvolution {
  readonly conv: Convolution;
}

const kernel: Axes = [3, 3, 3];

const convolution = (inputs: number, outputs: number, init: Initializer): BiasedConvolution => ({
  conv: new Convolution({ inputs, outputs, kernel, ...centred(kernel), initial: heNormal }, init),
});

/** Pixels of a side after four poolings by two, and a fifth with padding. */
const lastSide = (pixels: number): number => Math.floor(Math.floor(pixels / 16) / 2) + 1;
