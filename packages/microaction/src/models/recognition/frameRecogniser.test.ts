import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile, grad, input, type Parameter, sum } from 'onnxgrad';
import { countParameters, Initializer, inference, type Mode, stateOf, training } from 'onnxgrad/nn';
import { describe, expect, it } from 'vitest';
import { checkCase } from '../../../../../scripts/golden/checkCase.ts';
import { unusedWeights } from '../backbones/index.ts';
import { multiplyAdds } from '../multiplyAdds.ts';
import { FrameRecogniser, type FrameRecogniserOptions } from './frameRecogniser.ts';

const golden = new URL('../../../../../../shared/golden/recognition/', import.meta.url);
const manifests = new URL('state_dict_manifests/', golden);
const kinds = ['tsn', 'tsm', 'manet'] as const;
const tiny = { classes: 5, width: 8, depths: [1, 2, 1, 1], vectorLength: 7, dropout: 0 };

const make = (options: FrameRecogniserOptions, seed: number | null = 1) =>
  new FrameRecogniser(options, new Initializer(seed));

describe.skipIf(!existsSync(golden))('recognisers beside the official code (skipped without shared/golden)', () => {
  it.each([
    ['tsn_tiny', 100],
    ['tsm_tiny', 160],
    ['manet_tiny', 200],
    ['manet_r50w8_forward', 13],
    ['manet_head', 12],
    ['manet_optimizer', 120],
  ])('%s: forward, losses, gradients, running statistics, steps of training', async (name, tensors) => {
    const [own] = await checkCase(fileURLToPath(new URL(name, golden)));
    expect({ status: own.status, reason: own.reason }).toEqual({ status: 'pass', reason: undefined });
    expect(own.comparisons.length).toBeGreaterThanOrEqual(tensors);
    for (const { tensor, relative } of own.comparisons) expect(relative, tensor).toBeLessThanOrEqual(1e-4);
  });
});

describe.skipIf(!existsSync(manifests))('names and shapes (skipped without shared/golden)', () => {
  it.each(kinds)('%s has those of the official checkpoint', (kind) => {
    const { tensors } = JSON.parse(readFileSync(new URL(`${kind}_r50.json`, manifests), 'utf8'));
    const official = Object.entries<[string, number[]]>(tensors).filter(([name]) => !unusedWeights.test(name));
    const own = Array.from(stateOf(make({ kind, classes: 52 }, null)), ([name, { dtype, shape }]) => [
      name,
      [dtype, shape],
    ]);
    expect(Object.fromEntries(own)).toEqual(Object.fromEntries(official));
  });
});

describe('recognisers of frames', () => {
  it.each([
    ['tsn', 3, 23.61, 12.26],
    ['tsm', 8, 23.61, 32.7],
    ['manet', 8, 32.28, 32.77],
  ] as const)('%s has as many weights and products as published', (kind, frames, millions, billions) => {
    const model = make({ kind, classes: 52 }, null);
    expect(countParameters(model).total / 1e6).toBeCloseTo(millions, 2);
    const { logits } = model.recognise(input('clips', [1, 3, frames, 224, 224], 'uint8'));
    expect(multiplyAdds([logits]) / 1e9).toBeCloseTo(billions, 1);
  });

  it.each(kinds)('%s says of a clip by itself what it says beside another', async (kind) => {
    const model = audible(make({ kind, ...tiny }));
    const scores = async (clips: Uint8Array) => {
      const shape = [clips.length / clipSize, 3, 8, 32, 32];
      const { logits, features, embedding } = model.recognise(input('clips', shape, 'uint8'));
      expect(features.shape).toEqual([shape[0], 256]);
      expect(embedding?.shape).toEqual(kind === 'manet' ? [shape[0], 7] : undefined);
      await using program = await compile({ logits: embedding ?? logits }, { threads: 1 });
      return [...((await program.run({ clips })).logits.data as Float32Array)];
    };
    const pictures = noise(2);
    const both = await scores(pictures);
    const alone = await scores(pictures.slice(clipSize));
    for (const [i, value] of alone.entries()) expect(both[alone.length + i]).toBeCloseTo(value, 5);
    expect(Math.abs(both[0] - alone[0])).toBeGreaterThan(1e-4);
  });

  it('sees the order of frames, but for TSN', async () => {
    for (const kind of kinds) {
      const model = audible(make({ kind, ...tiny }));
      const { logits } = model.recognise(input('clips', [1, 3, 8, 32, 32], 'uint8'));
      await using program = await compile({ logits }, { threads: 1 });
      const clips = noise(1);
      const backwards = Uint8Array.from(clips, (_, i) => {
        const [channel, frame, place] = [Math.floor(i / 8192), Math.floor(i / 1024) % 8, i % 1024];
        return clips[channel * 8192 + (7 - frame) * 1024 + place];
      });
      const [forwards, other] = [
        (await program.run({ clips })).logits,
        (await program.run({ clips: backwards })).logits,
      ];
      const change = Math.abs(Number(forwards.data[0]) - Number(other.data[0]));
      if (kind === 'tsn') expect(change).toBeLessThan(1e-5);
      else expect(change).toBeGreaterThan(1e-4);
    }
  });

  it('learns the same where blocks are computed once more for their gradients', async () => {
    const learnt = async (rematerialise: boolean) => {
      const model = audible(make({ kind: 'manet', ...tiny }));
      const weight = stateOf(model).get('backbone.layer2.0.conv2.conv.weight') as Parameter;
      const { logits } = model.recognise(input('clips', [1, 3, 8, 32, 32], 'uint8'), { ...training, rematerialise });
      const [slope] = grad(sum(logits), [weight]);
      await using program = await compile({ slope }, { threads: 1, updateBuffers: true });
      const { data } = (await program.run({ clips: noise(1) })).slope;
      return [data, stateOf(model).get('backbone.layer2.0.conv2.bn.running_var')?.data] as Float32Array[];
    };
    const [kept, again] = [await learnt(false), await learnt(true)];
    for (const [part, values] of kept.entries()) {
      const largest = Math.max(...values.map(Math.abs));
      expect(largest).toBeGreaterThan(1e-3);
      for (const [i, value] of values.entries()) expect(Math.abs(again[part][i] - value)).toBeLessThan(1e-4 * largest);
    }
  });

  it('drops features in training alone', async () => {
    const model = make({ kind: 'tsm', ...tiny, dropout: 0.5 });
    const isRandom = async (mode: Mode) => {
      const { logits } = model.recognise(input('clips', [1, 3, 8, 32, 32]), mode);
      await using program = await compile({ logits });
      return program.inputs.has('onnxgrad.seed');
    };
    expect([await isRandom(training), await isRandom(inference)]).toEqual([true, false]);
  });

  it('judges by body part where it is told the parts of its classes', () => {
    const model = make({ kind: 'manet', ...tiny, parts: [0, 0, 1, 2, 1] });
    expect(stateOf(model).get('cls_head.fc_part.weight')?.shape).toEqual([3, 256]);
  });

  it('refuses another number of stages', () => {
    expect(() => make({ kind: 'tsm', ...tiny, depths: [1, 1, 1] })).toThrow(
      'ResNet: depths are [1, 1, 1]; expected four whole numbers from 1 up',
    );
  });

  it('refuses clips of another length, but for TSN', () => {
    const clips = (frames: number) => input('clips', [1, 3, frames, 32, 32]);
    expect(() => make({ kind: 'tsm', ...tiny }).recognise(clips(7))).toThrow(
      'tsm: clips have shape [1, 3, 7, 32, 32]; expected [B, 3, 8, height, width]',
    );
    expect(make({ kind: 'tsn', ...tiny }).recognise(clips(25)).logits.shape).toEqual([1, 5]);
  });
});

// ---- below: internals ----

const clipSize = 3 * 8 * 32 * 32;

/** Pictures of two clips that differ. */
const noise = (clips: number): Uint8Array =>
  Uint8Array.from(
    { length: clips * clipSize },
    (_, i) => (i * 7 + Math.floor(i / 61) * 13) % (i < clipSize ? 256 : 99),
  );

/** With a head that is no longer as good as silent. */
function audible(model: FrameRecogniser): FrameRecogniser {
  for (const [name, { data }] of stateOf(model)) {
    if (/cls_head.*weight$/.test(name)) for (const i of data.keys()) (data as Float32Array)[i] *= 100;
  }
  return model;
}
