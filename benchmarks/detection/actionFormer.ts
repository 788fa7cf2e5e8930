/**
 * ActionFormer as AdaTAD has it (384 features in, 52 classes, 3 convolutions, 6 levels, attention to all steps) on windows
 * of 768 steps, batch 2: the forward pass and the training step (assignment, gradients, clipping, AdamW), beside PyTorch
 * where a Python that has it is found (`PYTHON`, else `python3`).
 *
 *   node benchmarks/detection/actionFormer.ts [--threads 2] [--repeats 6] [--rounds 2]
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compile, compileTraining, input } from 'onnxgrad';
import { countParameters, Initializer, parametersOf, training } from 'onnxgrad/nn';
import { AdamW, clipByGlobalNorm } from 'onnxgrad/optim';
import { ActionFormer } from '../../packages/microaction/src/models/detection/index.ts';
import type { Truth } from '../../packages/microaction/src/models/heads/index.ts';
import { seededRandom } from '../../packages/microaction/src/random.ts';

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: '2' },
    repeats: { type: 'string', default: '6' },
    rounds: { type: 'string', default: '2' },
  },
});
const [threads, repeats, rounds] = [values.threads, values.repeats, values.rounds].map(Number);
const [batch, steps, inputs, classes] = [2, 768, 384, 52];

const random = seededRandom(1);
const features = Float32Array.from({ length: batch * inputs * steps }, () => random() * 2 - 1);
const mask = new Float32Array(batch * steps).fill(1).fill(0, steps + 600);
const windows = Array.from({ length: batch }, (): Truth => {
  const starts = Float32Array.from({ length: 20 }, () => random() * 500);
  return {
    starts,
    ends: starts.map((start) => start + 2 + random() * 60),
    classes: new Int32Array(20).map((_, i) => i),
  };
});

const model = new ActionFormer(
  { inputs, classes, convolutions: 3, stemBlocks: 0, window: null, maxSteps: steps },
  new Initializer(1),
);
const { forward, step } = await programs();

console.log(`${countParameters(model).total} parameters, ${batch} x ${steps} steps, ${threads} threads`);
const own: Record<Job, number[]> = { forward: [], training: [] };
const beside: Record<Job, number[]> = { forward: [], training: [] };
let version = '';
for (let round = 0; round < rounds; round++) {
  own.forward.push(...(await timed(forward)));
  own.training.push(...(await timed(step)));
  const torch = ofPyTorch();
  if (!torch) continue;
  version = torch.version;
  for (const job of ['forward', 'training'] as const) beside[job].push(...torch[job]);
}
for (const job of ['forward', 'training'] as const) {
  const shown = (times: readonly number[]) =>
    `${median(times).toFixed(0)} ms (${Math.min(...times).toFixed(0)} at best)`;
  const line = `${job.padEnd(10)} ${shown(own[job])}`;
  const ratios = [median, (times: readonly number[]) => Math.min(...times)].map((of) => of(own[job]) / of(beside[job]));
  const [typical, best] = ratios.map((ratio) => ratio.toFixed(2));
  console.log(version ? `${line}, PyTorch ${version} ${shown(beside[job])}: ${typical} of it (${best} at best)` : line);
}
if (!version) console.log('No Python with torch was found to compare with: set PYTHON.');

// ---- below: internals ----

type Job = 'forward' | 'training';

async function programs() {
  const [x, valid] = [input('features', [batch, inputs, steps]), input('mask', [batch, steps])];
  const proposing = await compile({ ...model.propose(x, valid) }, { threads });
  const losses = model.losses(x, valid, model.targetInputs(batch, steps), training);
  const outputs = { normaliser: losses.normaliser };
  const program = await compileTraining(losses.total, { outputs, threads });
  const optimizer = new AdamW(parametersOf(model), { learningRate: 1e-4 });
  return {
    forward: () => proposing.run({ features, mask }),
    step: async () => {
      const { gradients, outputs } = await program.run({ features, mask, ...model.assign(windows, steps) });
      model.remember(outputs.normaliser);
      clipByGlobalNorm(gradients, 1);
      optimizer.step(gradients);
    },
  };
}

/** Milliseconds of each repeat, after one to warm up. */
async function timed(run: () => Promise<unknown>): Promise<number[]> {
  const milliseconds: number[] = [];
  for (let repeat = 0; repeat <= repeats; repeat++) {
    const start = performance.now();
    await run();
    milliseconds.push(performance.now() - start);
  }
  return milliseconds.slice(1);
}

function ofPyTorch(): (Record<Job, number[]> & { version: string; parameters: number }) | undefined {
  const script = fileURLToPath(new URL('actionFormer.py', import.meta.url));
  const python = process.env.PYTHON ?? 'python3';
  const { status, stdout } = spawnSync(python, [script, String(threads), String(repeats)], { encoding: 'utf8' });
  return status === 0 ? JSON.parse(stdout) : undefined;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
