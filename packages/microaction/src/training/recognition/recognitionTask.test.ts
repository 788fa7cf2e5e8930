import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveState } from 'onnxgrad/nn';
import type { GroupSummary } from 'onnxgrad/optim';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { substituteLabelVectors } from '../../models/recognition/index.ts';
import { loadCheckpoint } from '../checkpoint.ts';
import { type EventRecord, readRunLog, type StepRecord, type ValidationRecord } from '../runLog.ts';
import { train } from '../trainer.ts';
import { type Flickering, flickering } from './flickeringTesting.ts';
import { RecognitionTask, type RecognitionTaskOptions } from './recognitionTask.ts';

let runs: string;
beforeAll(async () => {
  runs = await mkdtemp(join(tmpdir(), 'recognition-'));
});
afterAll(() => rm(runs, { recursive: true, force: true }));

const engine = { threads: 1 };
const never = new AbortController().signal;

interface Options extends Partial<RecognitionTaskOptions> {
  readonly resume?: boolean;
  readonly stopAfter?: number;
}

async function trained(name: string, { recipe, batches, judged }: Flickering, options: Options = {}) {
  const { resume = false, stopAfter, ...more } = options;
  const folder = join(runs, name);
  await using task = new RecognitionTask({ recipe, engine, judged, ...more });
  const stop = new AbortController();
  const observer = { step: ({ step }: { step: number }) => step === stopAfter && stop.abort(new Error('enough')) };
  const result = await train(task, batches, recipe, {
    folder,
    resume,
    engine,
    signal: stop.signal,
    observer: { step: (progress) => void observer.step(progress) },
  });
  return { result, weights: saveState(task.model) };
}

const recordsOf = (name: string) => readRunLog(join(runs, name, 'log.jsonl'));

/** A run from beginning to end, once. */
let ended: ReturnType<typeof trained> | undefined;
const whole = () => (ended ??= trained('whole', flickering()));

describe('RecognitionTask', () => {
  it('learns what clips show, also when: a shift of channels sees it', async () => {
    const toy = flickering({ training: { ...flickering().recipe.training, epochs: 20, schedule: { kind: 'cosine' } } });
    await using fresh = new RecognitionTask({ recipe: toy.recipe, engine });
    expect((await fresh.judge(toy.judged, never)).action.top1).toBeLessThan(0.6);
    const { result } = await trained('learns', toy);
    expect(result.best?.value).toBeGreaterThan(0.9);
    const validations = (await recordsOf('learns')).filter((one): one is ValidationRecord => one.kind === 'validation');
    const best = validations.find(({ isBest, value }) => isBest && value === result.best?.value);
    expect(best?.measures).toMatchObject({ 'action top-1': expect.closeTo(1, 0), 'action top-5': 1 });
    expect(best?.measures['F1 mean']).toBe(best?.value);
  });

  it('ends with the same weights and running statistics where it is stopped within an epoch', async () => {
    const { weights } = await whole();
    await expect(trained('stopped', flickering(), { stopAfter: 5 })).rejects.toThrow('enough');
    const resumed = await trained('stopped', flickering(), { resume: true });
    expect(resumed.weights).toEqual(weights);
    for (const name of ['last', 'best'] as const) {
      const [one, other] = ['whole', 'stopped'].map((run) => loadCheckpoint(join(runs, run), name));
      expect(await other).toEqual(await one);
    }
  });

  it('keeps running statistics with the weights, as they are and averaged', async () => {
    const { weights: now } = await whole();
    const { weights: averaged, training } = (await loadCheckpoint(join(runs, 'whole'), 'last'))!;
    const name = 'backbone.conv1.bn.running_mean';
    expect(training.get(`model.${name}`)).toEqual(now.get(name));
    expect(Math.max(...numbers(now.get(name)).map(Math.abs))).toBeGreaterThan(0.01);
    expect(averaged.get(name)).not.toEqual(now.get(name));
    const count = 'backbone.conv1.bn.num_batches_tracked';
    expect(averaged.get(count)).toEqual(now.get(count));
  });

  it('trains biases at twice the rate and the last linear layer at five times, and falls in steps', async () => {
    await whole();
    const log = await recordsOf('whole');
    const { groups } = (log[0] as EventRecord).details as { groups: readonly GroupSummary[] };
    const found = Object.fromEntries(
      groups.map(({ name, learningRate, weightDecay }) => [name, [learningRate, weightDecay]]),
    );
    expect(found).toMatchObject({
      weights: [0.02, 0.05],
      norms: [0.02, 0],
      'weight of the last linear layer': [0.1, 0.05],
    });
    const rates = log.flatMap((one) => (one.kind === 'step' ? [one.learningRates.weights] : []));
    expect(rates.map((rate) => Number(rate.toFixed(6)))).toEqual([...Array(6).fill(0.02), ...Array(3).fill(0.002)]);
  });

  it('tells body parts first where it is hierarchical, and learns meanings where it is told', async () => {
    const toy = flickering({
      hierarchical: true,
      model: { kind: 'manet', width: 8, depths: [1, 1, 1, 1], vectorLength: 6 },
      loss: { embeddingWeight: 2, labelSmoothing: 0.1, balanceBeta: 0.9 },
    });
    const wordVectors = substituteLabelVectors(['L first', 'L last', 'R first', 'R last'], 6);
    const { weights } = await trained('means', toy, { wordVectors, classCounts: [6, 6, 6, 6] });
    expect(weights.get('cls_head.fc_part.weight')?.shape[0]).toBe(2);
    const steps = (await recordsOf('means')).filter((one): one is StepRecord => one.kind === 'step');
    for (const { losses } of steps) expect(losses.loss).toBeCloseTo(losses.classification + losses.meaning, 4);
    expect(steps.at(-1)?.losses.meaning).toBeLessThan(steps[0].losses.meaning);

    const make = (vectors?: RecognitionTaskOptions['wordVectors']) => () =>
      new RecognitionTask({ recipe: toy.recipe, engine, wordVectors: vectors });
    expect(make()).toThrow('found no word vectors; flickering learns what labels mean, of shape [4, 6]');
    expect(make(substituteLabelVectors(['a', 'b', 'c', 'd'], 5))).toThrow('found word vectors of shape [4, 5]');
  });
});

const numbers = (tensor: { readonly data: ArrayLike<unknown> } | undefined): number[] =>
  Array.from(tensor?.data ?? [], Number);
