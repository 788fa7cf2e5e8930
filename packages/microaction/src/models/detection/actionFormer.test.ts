import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  compile,
  compileTraining,
  input,
  loadProgram,
  numbersOf,
  type Tensor,
  type TensorData,
  toOnnx,
} from 'onnxgrad';
import { countParameters, Initializer, inference, parametersOf, saveState, stateOf, training } from 'onnxgrad/nn';
import { AdamW } from 'onnxgrad/optim';
import { describe, expect, it } from 'vitest';
import { checkCase } from '../../../../../scripts/golden/checkCase.ts';
import { isGradient } from '../../../../../scripts/golden/tolerance.ts';
import type { Truth } from '../heads/index.ts';
import { ActionFormer, type ActionFormerOptions, loadDetector, VideoDetector } from './index.ts';

const golden = new URL('../../../../../../shared/golden/detection/', import.meta.url);

describe.skipIf(!existsSync(golden))('detectors beside the official code (skipped without shared/golden)', () => {
  it.each([
    ['actionformer_local', 220],
    ['actionformer_global', 200],
    ['adatad_e2e', 290],
  ])('%s: forward, losses, gradients, targets, results, steps of training, and checkpoints', async (name, tensors) => {
    const [own, ...checkpoints] = await checkCase(fileURLToPath(new URL(name, golden)));
    for (const { status, reason } of [own, ...checkpoints]) {
      expect({ status, reason }).toEqual({ status: 'pass', reason: undefined });
    }
    expect(own.comparisons.length).toBeGreaterThan(tensors);
    for (const { tensor, relative, absolute } of own.comparisons) {
      if (/^(results|points|target)/.test(tensor)) expect(absolute, tensor).toBe(0);
      // Gradients that are zero in theory are held by the case's own rule.
      else if (relative !== null) expect(relative, tensor).toBeLessThanOrEqual(isGradient(tensor) ? 1e-4 : 2e-5);
    }
  });
});

const small: ActionFormerOptions = {
  inputs: 6,
  classes: 3,
  features: 8,
  heads: 2,
  levels: 3,
  stemBlocks: 1,
  window: 5,
  maxSteps: 16,
};

const steps = 16;
const wave = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * 0.9 + 1));
const truth: Truth = {
  starts: Float32Array.of(1, 5, 5),
  ends: Float32Array.of(4, 13, 9),
  classes: Int32Array.of(0, 1, 2),
};

describe('ActionFormer', () => {
  it.each<[string, number, ActionFormerOptions]>([
    ['THUMOS with I3D', 29_251_612, { inputs: 2048, classes: 20 }],
    ['VideoMAEv2-g, 52 classes', 28_317_756, { inputs: 1408, classes: 52 }],
    ['the same without a stem', 22_783_036, { inputs: 1408, classes: 52, convolutions: 3, stemBlocks: 0 }],
    ['AdaTAD-S, 52 classes', 21_210_172, { inputs: 384, classes: 52, convolutions: 3, stemBlocks: 0, window: null }],
    ['AdaTAD-B, 52 classes', 21_799_996, { inputs: 768, classes: 52, convolutions: 3, stemBlocks: 0, window: null }],
  ])('has as many parameters as published: %s', (_, count, options) => {
    expect(countParameters(new ActionFormer(options, new Initializer(null))).total).toBe(count);
  });

  it('starts by giving every class about the prior, at every point', async () => {
    const model = new ActionFormer({ ...small, prior: 0.02 }, new Initializer(4));
    const { scores } = await proposed(model);
    for (const score of numbersOf(scores)) expect(score).toBeGreaterThan(0.005);
    for (const score of numbersOf(scores)) expect(score).toBeLessThan(0.08);
  });

  it('fills shorter windows up to maxSteps as the reference, or only as far as the levels need', () => {
    const filled = (maxSteps: number | null) => new ActionFormer({ ...small, maxSteps }, new Initializer(null));
    expect([1, 16, 17, 33].map((length) => filled(16).paddedSteps(length))).toEqual([16, 16, 32, 48]);
    expect([1, 4, 5, 17].map((length) => filled(null).paddedSteps(length))).toEqual([4, 4, 8, 20]);
    const predictions = filled(16).predict(input('x', [2, 6, 11]), input('mask', [2, 11]));
    expect([predictions.logits.shape, predictions.distances.shape, predictions.mask.shape]).toEqual([
      [2, 28, 3],
      [2, 28, 2],
      [2, 28],
    ]);
  });

  it('marks the points that are of the video: coarse ones whose first fine step is', async () => {
    const model = lively(new ActionFormer({ ...small, window: null }, new Initializer(4)));
    const short = await proposed(model, 9);
    const valid = numbersOf(short.valid);
    expect([...valid]).toEqual([...Array(16).fill(0).fill(1, 0, 9), 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0]);
  });

  it('divides losses by a running count in training, and by that of the batch otherwise', async () => {
    const model = lively(new ActionFormer({ ...small, dropPath: 0 }, new Initializer(4)));
    const { positives } = await losses(model, true);
    const trained = await losses(model, true);
    const judged = await losses(model, false);
    expect(judged.normaliser).toBe(positives);
    expect(trained.normaliser).toBeCloseTo(90 + 0.1 * positives, 4);
    expect(trained.total * trained.normaliser).toBeCloseTo(judged.total * judged.normaliser, 3);
    model.remember({ dtype: 'float32', shape: [], data: Float32Array.of(trained.normaliser) });
    const next = await losses(model, true);
    expect(next.normaliser).toBeCloseTo(0.9 * trained.normaliser + 0.1 * positives, 4);
  });

  it('makes the loss of distances as large as that of classes where its weight is 0', async () => {
    const model = lively(new ActionFormer({ ...small, distanceWeight: 0 }, new Initializer(4)));
    const { classification, distances, total } = await losses(model, false);
    expect(distances).toBeCloseTo(classification, 5);
    expect(total).toBeCloseTo(2 * classification, 5);
  });

  it('has a finite loss and no gradient of distances where there is nothing to find', async () => {
    const model = lively(new ActionFormer(small, new Initializer(4)));
    const nothing = { starts: new Float32Array(), ends: new Float32Array(), classes: new Int32Array() };
    const { distances, total, gradients } = await losses(model, true, nothing);
    expect(distances).toBe(0);
    expect(total).toBeGreaterThan(0);
    expect(Math.max(...(gradients.get('rpn_head.reg_head.weight') as Float32Array).map(Math.abs))).toBe(0);
    expect(Math.max(...(gradients.get('rpn_head.cls_head.weight') as Float32Array).map(Math.abs))).toBeGreaterThan(0);
  });

  it('drops paths and channels at random in training, the same for the same seed', async () => {
    const model = lively(new ActionFormer({ ...small, dropPath: 0.5, inputDropout: 0.5 }, new Initializer(4)));
    const [first, second, again] = [
      await losses(model, true),
      await losses(model, true, truth, 1),
      await losses(model, true),
    ];
    expect(again.total).toBe(first.total);
    expect(second.total).not.toBe(first.total);
  });

  it('learns: two hundred steps of training make the loss less than a third', async () => {
    const model = new ActionFormer({ ...small, dropPath: 0 }, new Initializer(4));
    const optimizer = new AdamW(parametersOf(model), { learningRate: 0.01 });
    const { total } = model.losses(...inputs(), model.targetInputs(1, steps), inference);
    await using program = await compileTraining(total, { threads: 1 });
    const feeds = { ...given(steps), ...model.assign([truth], steps) };
    const first = (await program.run(feeds)).loss;
    let last = first;
    for (let step = 0; step < 200; step++) {
      const { loss, gradients } = await program.run(feeds);
      optimizer.step(gradients);
      last = loss;
    }
    expect(last).toBeLessThan(first / 3);
  });

  it.each<[Partial<ActionFormerOptions>, string]>([
    [{ window: [5, 5] }, 'TransformerPyramid: there are 2 windows; expected one, or 3'],
    [{ positions: true, maxSteps: null }, 'ActionFormer: positions need maxSteps'],
    [{ pointLevels: [{ stride: 1, near: 0, far: 4 }] }, 'ActionFormer: there are 1 pointLevels; expected 3, as levels'],
  ])('refuses %j', (options, message) => {
    expect(() => new ActionFormer({ ...small, ...options }, new Initializer(null))).toThrow(message);
  });

  it('says so where features do not fit', () => {
    const model = new ActionFormer(small, new Initializer(null));
    expect(() => model.propose(input('x', [1, 16, 6]), input('mask', [1, 16]))).toThrow(
      'features have shape [1,16,6] and mask [1,16]; expected features [B, 6, T] and mask [B, T]; ' +
        'the last two axes of features look swapped',
    );
  });

  it('is written as one file of standard ONNX, which finds the same', async () => {
    const model = lively(new ActionFormer({ ...small, window: [5, 5, null] }, new Initializer(4)));
    const here = await proposed(model, 13);
    await using program = await loadProgram(toOnnx({ ...model.propose(...inputs()) }), { threads: 1 });
    const there = await program.run(given(13));
    for (const name of ['segments', 'scores', 'valid'] as const) {
      const [a, b] = [numbersOf(here[name]), numbersOf(there[name])];
      expect(Math.max(...a.map((value, i) => Math.abs(value - b[i]))), name).toBeLessThan(1e-5);
    }
  });

  it('loads its own weights, with the running count as whole number or not, and lists what does not fit', () => {
    const model = lively(new ActionFormer(small, new Initializer(4)));
    const state = saveState(model);
    const counted = { dtype: 'int64', shape: [], data: BigInt64Array.of(77n) } as const;
    const other = new ActionFormer(small, new Initializer(null));
    loadDetector(other, new Map([...state, ['rpn_head.loss_normalizer', counted]]));
    expect(other.rpn_head.loss_normalizer.data[0]).toBe(77);
    expect(saveState(other).get('rpn_head.cls_head.weight')).toEqual(state.get('rpn_head.cls_head.weight'));
    const { 'rpn_head.cls_head.bias': bias, ...rest } = Object.fromEntries(state);
    expect(() => loadDetector(other, new Map(Object.entries({ ...rest, 'rpn_head.cls_head.bais': bias })))).toThrow(
      /missing +rpn_head\.cls_head\.bias \[3\]\s+unexpected +rpn_head\.cls_head\.bais/,
    );
  });
});

describe('VideoDetector', () => {
  const backbone = { width: 12, depth: 2, heads: 2, picturePixels: 32, mlpRatio: 2 };
  const { inputs: _, ...detector } = small;

  it('trains adapters where there are some, nothing of the backbone where there are none, or all of it', () => {
    const trained = (options: Partial<ConstructorParameters<typeof VideoDetector>[0]>) => {
      const model = new VideoDetector({ backbone, detector, ...options }, new Initializer(null));
      const names = [...stateOf(model)].flatMap(([name, one]) => ('trainable' in one && one.trainable ? [name] : []));
      return new Set(names.filter((name) => name.startsWith('backbone.')).map((name) => name.split('.')[5] ?? name));
    };
    expect(trained({ backbone: { ...backbone, adapter: { kind: 'tia' } } })).toEqual(new Set(['adapter']));
    expect(trained({})).toEqual(new Set());
    expect(trained({ tuned: 'all' })).toContain('attn');
  });

  it('goes from frames to segments and to gradients of adapters and head', async () => {
    const model = new VideoDetector(
      { backbone: { ...backbone, adapter: { kind: 'standard' } }, detector },
      new Initializer(2),
    );
    const trained = parametersOf(model).map(({ name }) => name);
    const [frames, mask] = [input('frames', [1, 3, 16, 32, 32], 'uint8'), input('mask', [1, 16], 'bool')];
    const { total } = model.losses(frames, mask, model.detector.targetInputs(1, steps), training);
    await using program = await compileTraining(total, { threads: 1 });
    const { loss, gradients } = await program.run({
      frames: Uint8Array.from({ length: 3 * 16 * 32 * 32 }, (_, i) => (i * 31) % 256),
      mask: new Uint8Array(16).fill(1),
      ...model.detector.assign([truth], steps),
    });
    expect(Number.isFinite(loss)).toBe(true);
    expect([...gradients.keys()].sort()).toEqual(trained.sort());
    const slopes = gradients.get('backbone.model.backbone.blocks.0.adapter.up_proj.weight') as Float32Array;
    expect(slopes.some((slope) => slope !== 0)).toBe(true);
    expect(model.propose(frames, mask).segments.shape).toEqual([1, 28, 2]);
  });
});

// ---- below: internals ----

/** With weights that make every part count, as learned scales of 1e-4 do not. */
function lively(model: ActionFormer): ActionFormer {
  for (const [name, { data }] of stateOf(model)) {
    if (/drop_path|scale$/.test(name)) (data as Float32Array).fill(0.7);
  }
  return model;
}

const inputs = (): [Tensor, Tensor] => [input('x', [1, 6, steps]), input('mask', [1, steps])];

const given = (valid: number) => ({ x: wave(6 * steps), mask: new Float32Array(steps).fill(1, 0, valid) });

async function proposed(
  model: ActionFormer,
  valid = steps,
): Promise<Record<'segments' | 'scores' | 'valid', TensorData>> {
  await using program = await compile({ ...model.propose(...inputs()) }, { threads: 1 });
  return program.run(given(valid));
}

async function losses(model: ActionFormer, isTraining: boolean, found: Truth = truth, seed = 0) {
  const mode = isTraining ? training : inference;
  const { total, ...rest } = model.losses(...inputs(), model.targetInputs(1, steps), mode);
  await using program = await compileTraining(total, { outputs: rest, threads: 1 });
  const targets = model.assign([found], steps);
  const run = await program.run({ ...given(steps), ...targets }, { seed });
  const { classes } = model.options;
  const isPositive = (_: unknown, point: number) =>
    targets.classes.subarray(point * classes, (point + 1) * classes).some((target) => target > 0);
  const numbers = Object.fromEntries(Object.entries(run.outputs).map(([name, tensor]) => [name, numbersOf(tensor)[0]]));
  return {
    ...(numbers as Record<'classification' | 'distances' | 'normaliser', number>),
    total: run.loss,
    gradients: new Map(Array.from(run.gradients, ([name, gradient]) => [name, gradient.slice()])),
    positives: Array.from({ length: targets.distances.length / 2 }).filter(isPositive).length,
  };
}
