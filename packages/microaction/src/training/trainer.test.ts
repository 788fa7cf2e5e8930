import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { input, mean, multiply, numbersOf } from 'onnxgrad';
import { BatchNorm, Initializer, parametersOf, saveState } from 'onnxgrad/nn';
import type { GroupSummary } from 'onnxgrad/optim';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BatchSource } from './batches.ts';
import { loadCheckpoint } from './checkpoint.ts';
import { type Blinking, blinking } from './detection/blinkingTesting.ts';
import type { DetectionBatch } from './detection/detectionBatch.ts';
import { DetectionTask } from './detection/detectionTask.ts';
import { type EventRecord, readRunLog, type StepRecord, type ValidationRecord } from './runLog.ts';
import { precisionOn, type TrainingObserver, type TrainingTask, train } from './trainer.ts';

let run: string;
beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), 'training-'));
});
afterEach(() => rm(run, { recursive: true, force: true }));

const engine = { threads: 1 };

interface Options {
  readonly resume?: boolean;
  readonly batches?: BatchSource<DetectionBatch>;
  readonly observer?: TrainingObserver;
  readonly signal?: AbortSignal;
  readonly folder?: string;
  readonly judges?: boolean;
}

async function trained({ recipe, batches: own, judged }: Blinking, options: Options = {}) {
  const { resume = false, batches = own, observer, judges = true, folder = run } = options;
  const { signal = new AbortController().signal } = options;
  await using task = new DetectionTask({ recipe, engine, judged: judges ? judged : undefined });
  const result = await train(task, batches, recipe, { folder, resume, engine, observer, signal });
  return { result, weights: saveState(task.model) };
}

describe('train', () => {
  it('learns to find what lights up, and keeps the best', async () => {
    const seen: number[] = [];
    const toy = blinking({ epochs: 40, learningRate: { head: 1e-2, backbone: 1e-2 } }, [16, 32]);
    const recipe = { ...toy.recipe, evaluation: { ...toy.recipe.evaluation, everyEpochs: 8 } };
    const { result } = await trained(
      { ...toy, recipe },
      {
        observer: { validation: ({ measures }) => seen.push(measures['action at 0.5']) },
      },
    );
    await using fresh = new DetectionTask({ recipe, engine });
    const before = await fresh.judge(toy.judged, new AbortController().signal);
    expect(before.action.map[4]).toBeLessThan(0.3);
    expect(Math.max(...seen)).toBeGreaterThan(0.9);
    const log = await readRunLog(join(run, 'log.jsonl'));
    const validations = log.filter((one): one is ValidationRecord => one.kind === 'validation');
    expect(result.best?.value).toBe(Math.max(...validations.map(({ value }) => value)));
    const best = await loadCheckpoint(run, 'best');
    expect(best?.position.epoch).toBe(result.best?.epoch);
    expect(result.position.steps).toBe(160);
  });

  it('ends with the same weights where it is stopped within an epoch, and says what it was', async () => {
    const whole = await trained(blinking(), { folder: join(run, 'whole') });
    const stop = new AbortController();
    const folder = join(run, 'stopped');
    const stopped = trained(blinking(), {
      folder,
      signal: stop.signal,
      observer: { step: ({ step }) => step === 6 && stop.abort(new Error('enough')) },
    });
    await expect(stopped).rejects.toThrow('enough');
    expect((await loadCheckpoint(folder, 'last'))?.position).toMatchObject({ epoch: 1, batches: 2, steps: 6 });
    const resumed = await trained(blinking(), { folder, resume: true });
    expect(resumed.weights).toEqual(whole.weights);
    expect(resumed.result).toEqual(whole.result);
    const [one, other] = await Promise.all(['whole', 'stopped'].map((name) => loadCheckpoint(join(run, name), 'last')));
    expect(other).toEqual(one);
    const steps = async (name: string) =>
      (await readRunLog(join(run, name, 'log.jsonl'))).flatMap((record) =>
        record.kind === 'step' ? [{ ...record, stepsPerSecond: 0 }] : [],
      );
    expect(await steps('stopped')).toEqual(await steps('whole'));
  });

  it('ends with the same weights where its process is killed at any moment', { timeout: 60_000 }, async () => {
    const whole = join(run, 'whole');
    const killed = join(run, 'killed');
    await Promise.all([processed(whole, 'begin'), processed(killed, 'begin', { killAfterStep: 5, delayMs: 7 })]);
    await processed(killed, 'resume', { killAfterStep: 9, delayMs: 0 });
    await processed(killed, 'resume');
    for (const file of ['last/weights.safetensors', 'last/training.safetensors', 'best/weights.safetensors']) {
      expect(await readFile(join(killed, file)), file).toEqual(await readFile(join(whole, file)));
    }
  });

  it('stops at a loss that is no number, names step and videos, and keeps the checkpoint before', async () => {
    const good = blinking({ epochs: 2 });
    const batches: BatchSource<DetectionBatch> = {
      ...good.batches,
      async *epoch(epoch, from) {
        for await (const batch of good.batches.epoch(epoch, from)) {
          const input = Float32Array.from(batch.input);
          if (epoch === 1) input.fill(Number.NaN);
          yield { ...batch, input };
        }
      },
    };
    await expect(trained(good, { batches, judges: false })).rejects.toThrow(
      /^step 5 \(epoch 2\), with video\d, video\d: the loss is NaN; .*first value.*lower training\.learningRate/,
    );
    expect((await loadCheckpoint(run, 'last'))?.position).toMatchObject({ epoch: 1, steps: 4 });
  });

  it('takes the mean of several batches as one step, the last of an epoch by itself', async () => {
    const { result } = await trained(blinking({ epochs: 2, accumulate: 3 }), { judges: false });
    expect(result.position).toMatchObject({ epoch: 2, steps: 4 });
  });

  it('warms up and falls, and gives biases, norms and scales no decay', async () => {
    const { recipe } = blinking({ epochs: 4, weightDecay: 1, learningRate: { head: 1e-2, backbone: 1e-3 } });
    await trained({ ...blinking(), recipe }, { judges: false });
    const log = await readRunLog(join(run, 'log.jsonl'));
    const { groups } = (log[0] as EventRecord).details as { groups: readonly GroupSummary[] };
    const decays = groups.map(({ name, weightDecay }) => [name, weightDecay]);
    expect(decays).toEqual([
      ['head', 1],
      ['head without decay', 0],
      ['backbone', 1],
      ['backbone without decay', 0],
    ]);
    const steps = log.filter((one): one is StepRecord => one.kind === 'step');
    const rates = steps.map(({ learningRates }) => learningRates.head);
    expect(rates.slice(0, 5)).toEqual([0, 1e-2 / 3, 2e-2 / 3, 1e-2, 1e-2].map((rate) => expect.closeTo(rate, 10)));
    expect(rates.at(-1)).toBeLessThan(5e-4);
    expect(steps[4].learningRates.backbone).toBeCloseTo(1e-3, 10);
  });

  it('scales the loss in mixed precision, and the gradients back', async () => {
    const single = await trained(blinking({ epochs: 2 }), { judges: false, folder: join(run, 'single') });
    const mixed = await trained(blinking({ epochs: 2, precision: 'mixed' }), { judges: false });
    const log = await readRunLog(join(run, 'log.jsonl'));
    const steps = log.filter((one): one is StepRecord => one.kind === 'step');
    expect(steps.map(({ lossScale }) => lossScale)).toEqual(Array(8).fill(65536));
    const name = 'rpn_head.cls_head.weight';
    const [one, other] = [single, mixed].map(({ weights }) => weights.get(name)?.data as Float32Array);
    expect(one).not.toEqual(other);
    for (const [i, weight] of one.entries()) expect(other[i]).toBeCloseTo(weight, 2);
  });

  it('leaves running statistics, as weights, where gradients overflow', async () => {
    const { recipe } = blinking({ epochs: 1, warmUpEpochs: 0, precision: 'mixed', logSteps: 1 });
    const norm = new BatchNorm({ channels: 2 }, new Initializer(1));
    const seen: (readonly number[])[] = [];
    const task: TrainingTask<readonly number[]> = {
      model: { norm },
      groupOf: () => 'head',
      shapeOf: () => ({ name: 'one', size: 1 }),
      losses: () => {
        const x = input('x', [4, 2]);
        return { loss: mean(multiply(norm.apply(x, { training: true }), multiply(x, x))), outputs: {} };
      },
      feeds: (values) => ({ x: Float32Array.from(values) }),
      remember: () => ({}),
      videosOf: () => ['numbers'],
    };
    const rows: (readonly number[])[] = [
      [1, 2, 3, 4, 5, 6, 7, 9],
      Array(8).fill(1e30).with(0, -1e30),
      [3, 1, 2, 0, 1, 5, 2, 2],
    ];
    const batches: BatchSource<readonly number[]> = {
      skipped: [],
      batchCount: () => rows.length,
      async *epoch() {
        for (const row of rows) yield row;
      },
    };
    const observer = { step: () => void seen.push([...numbersOf(norm.running_mean), ...numbersOf(norm.running_var)]) };
    await train(task, batches, recipe, {
      folder: run,
      resume: false,
      engine,
      observer,
      signal: new AbortController().signal,
    });
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).not.toEqual(seen[0]);
    expect(seen[2].every(Number.isFinite)).toBe(true);
  });

  it('counts the last epoch as best where there is nothing to judge by', async () => {
    await trained(blinking({ epochs: 2 }), { judges: false });
    const [last, best] = await Promise.all([loadCheckpoint(run, 'last'), loadCheckpoint(run, 'best')]);
    expect(best?.weights).toEqual(last?.weights);
  });

  it('trains adapters and the head, and leaves the rest as it was', async () => {
    const toy = blinking({ epochs: 2 });
    const recipe = { ...toy.recipe, adapter: { kind: 'tia' as const }, tuned: 'adapters' as const };
    await using fresh = new DetectionTask({ recipe, engine });
    const before = saveState(fresh.model);
    const names = new Set(parametersOf(fresh.model).map(({ name }) => name));
    const { weights } = await trained({ ...toy, recipe }, { judges: false });
    const changed = [...weights].filter(([name, { data }]) => String(data) !== String(before.get(name)?.data));
    const unexpected = changed.filter(([name]) => !names.has(name) && !name.endsWith('loss_normalizer'));
    expect(unexpected).toEqual([]);
    expect(changed.filter(([name]) => name.includes('adapter.')).length).toBeGreaterThan(5);
  });

  it('refuses to go on with what is not there', async () => {
    await expect(trained(blinking(), { resume: true })).rejects.toThrow('no checkpoint to go on from');
  });
});

describe('precisionOn', () => {
  it('mixes where there are units for it, or where it is told to', () => {
    expect(precisionOn('auto', 'cpu')).toBe('single');
    expect(precisionOn('auto', 'cuda')).toBe('mixed');
    expect(precisionOn('mixed', 'cpu')).toBe('mixed');
    expect(precisionOn('single', 'cuda')).toBe('single');
  });
});

const script = fileURLToPath(new URL('blinkingRunTesting.ts', import.meta.url));

/** Trains in a process of its own, which is killed a moment after a step if that is asked for. */
function processed(folder: string, how: string, kill?: { killAfterStep: number; delayMs: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, folder, '3', how], { stdio: ['ignore', 'pipe', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (text) => (errors += text));
    child.stdout.on('data', (text) => {
      const step = Math.max(...[...String(text).matchAll(/step (\d+)/g)].map(([, number]) => Number(number)));
      if (kill && step >= kill.killAfterStep) setTimeout(() => child.kill('SIGKILL'), kill.delayMs);
    });
    child.on('close', (code, signal) => {
      if (kill ? signal === 'SIGKILL' : code === 0) resolve();
      else reject(new Error(`${how} ended with ${code ?? signal}: ${errors}`));
    });
  });
}
