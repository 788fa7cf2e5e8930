/**
 * One training step of ResNet-50 with temporal shift (TSM), 2 × 8 frames of 112 × 112: the loss and the gradients of all
 * weights, running statistics brought up to date. Beside PyTorch on the same cores, step about, where a Python with
 * torch is found (`PYTHON`, or python3): the same network with the same weights.
 *
 *   node benchmarks/onnxgrad/resnet.ts [--threads 2] [--repeats 10] [--profile PREFIX]
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  add,
  type Buffer,
  batchNorm,
  buffer,
  compile,
  convolution,
  globalAveragePool,
  gradientsOf,
  input,
  linear,
  logSoftmax,
  maxPool,
  mean,
  multiply,
  negate,
  type Parameter,
  parameter,
  relu,
  reshape,
  sum,
  type Tensor,
  temporalShift,
} from '../../packages/onnxgrad/src/index.ts';
import { Sgd } from '../../packages/onnxgrad/src/optim/index.ts';

const { values: options } = parseArgs({
  options: {
    threads: { type: 'string', default: '2' },
    repeats: { type: 'string', default: '10' },
    profile: { type: 'string' },
  },
});
const [threads, repeats] = [Number(options.threads), Number(options.repeats)];

const [clips, frames, size, classes] = [2, 8, 112, 52];
const warmUps = 2;

// ---- the network ----

const parameters: Parameter[] = [];

/** The same numbers in resnet.py: evenly spread between −bound and bound, by a hash of position and seed. */
function spread(length: number, bound: number, seed: number): Float32Array {
  const values = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    let hash = Math.imul(i, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca77);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
    hash ^= hash >>> 15;
    values[i] = ((hash >>> 8) / 2 ** 23 - 1) * bound;
  }
  return values;
}

function weight(name: string, shape: readonly number[], values: Float32Array): Parameter {
  const made = parameter(shape, values, { name });
  parameters.push(made);
  return made;
}

function convolve(
  name: string,
  x: Tensor,
  outputs: number,
  kernel: number,
  { stride = 1 }: { stride?: number } = {},
): Tensor {
  const inputs = x.shape[1];
  const area = kernel * kernel;
  const values = spread(outputs * inputs * area, Math.sqrt(6 / (inputs * area)), parameters.length);
  const w = weight(`${name}.weight`, [outputs, inputs, kernel, kernel], values);
  return convolution(x, w, null, { stride, padding: kernel >> 1 });
}

function norm(name: string, x: Tensor): Tensor {
  const channels = [x.shape[1]];
  const filled = (value: number) => new Float32Array(x.shape[1]).fill(value);
  const running: { mean: Buffer; variance: Buffer } = {
    mean: buffer(channels, filled(0), { name: `${name}.running_mean` }),
    variance: buffer(channels, filled(1), { name: `${name}.running_var` }),
  };
  return batchNorm(x, {
    weight: weight(`${name}.weight`, channels, filled(1)),
    bias: weight(`${name}.bias`, channels, filled(0)),
    running,
    training: true,
  });
}

function bottleneck(name: string, x: Tensor, width: number, stride: number): Tensor {
  const inner = relu(norm(`${name}.bn1`, convolve(`${name}.conv1`, temporalShift(x, { segments: frames }), width, 1)));
  const middle = relu(norm(`${name}.bn2`, convolve(`${name}.conv2`, inner, width, 3, { stride })));
  const y = norm(`${name}.bn3`, convolve(`${name}.conv3`, middle, 4 * width, 1));
  const isSame = stride === 1 && x.shape[1] === 4 * width;
  const shortcut = isSame
    ? x
    : norm(`${name}.downsample.1`, convolve(`${name}.downsample.0`, x, 4 * width, 1, { stride }));
  return relu(add(y, shortcut));
}

/** x: [clips frames, 3, size, size] → scores of each clip [clips, classes] */
function network(x: Tensor): Tensor {
  let y = relu(norm('bn1', convolve('conv1', x, 64, 7, { stride: 2 })));
  y = maxPool(y, 3, { stride: 2, padding: 1 });
  for (const [stage, depth] of [3, 4, 6, 3].entries()) {
    for (let i = 0; i < depth; i++) {
      y = bottleneck(`layer${stage + 1}.${i}`, y, 64 << stage, i === 0 && stage > 0 ? 2 : 1);
    }
  }
  const features = globalAveragePool(y);
  const bound = 1 / Math.sqrt(2048);
  const w = weight('fc.weight', [classes, 2048], spread(classes * 2048, bound, parameters.length));
  const b = weight('fc.bias', [classes], new Float32Array(classes));
  return mean(reshape(linear(features, w, b), [clips, frames, classes]), 1);
}

const x = input('x', [clips * frames, 3, size, size]);
const target = input('target', [clips, classes]);
const loss = mean(negate(sum(multiply(logSoftmax(network(x)), target), 1)));
const gradients = gradientsOf(loss, parameters);
const named = Object.fromEntries(parameters.map((w) => [`d ${w.name}`, gradients.get(w) as Tensor]));

const startCompile = performance.now();
await using program = await compile(
  { loss, ...named },
  { threads, updateBuffers: true, ...(options.profile && { profilePrefix: options.profile }) },
);
const compileMs = performance.now() - startCompile;

// ---- what is measured ----

const into = Object.fromEntries(parameters.map((w) => [`d ${w.name}`, new Float32Array(w.data.length)]));
const feeds = {
  x: spread(clips * frames * 3 * size * size, 1, 1000),
  target: Float32Array.from({ length: clips * classes }, (_, i) => Number(i % classes === 3 + Math.floor(i / classes))),
};

interface Step {
  readonly milliseconds: number;
  readonly loss: number;
  /** √ Σ g² over all gradients. */
  readonly norm: number;
}

async function ownStep(): Promise<Step> {
  const start = performance.now();
  const results = await program.run(feeds, { into });
  const milliseconds = performance.now() - start;
  let squares = 0;
  for (const gradient of Object.values(into)) for (let i = 0; i < gradient.length; i++) squares += gradient[i] ** 2;
  return { milliseconds, loss: (results.loss.data as Float32Array)[0], norm: Math.sqrt(squares) };
}

const torch = openTorch();
const [own, theirs]: [Step[], Step[]] = [[], []];
for (let i = 0; i < warmUps + repeats; i++) {
  await idle();
  own.push(await ownStep());
  await idle();
  if (torch) theirs.push(await torch.step());
}
const rounds = (steps: readonly Step[]) => steps.slice(warmUps).map(({ milliseconds }) => milliseconds);
console.log(`ResNet-50, temporal shift, ${clips} × ${frames} frames of ${size} × ${size}, ${threads} threads`);
console.log(`compile       ${compileMs.toFixed(0)} ms`);
console.log(`onnxgrad      ${summary(rounds(own))}, peak memory ${peakMiB()} MiB`);
if (torch) {
  const { version, peakMiB: theirPeak } = await torch.close();
  console.log(`torch ${version.padEnd(7)} ${summary(rounds(theirs))}, peak memory ${theirPeak} MiB`);
  console.log(`ratio         ${(median(rounds(own)) / median(rounds(theirs))).toFixed(2)} (onnxgrad / torch, medians)`);
  console.log(
    `first step    loss ${own[0].loss.toFixed(5)} and ${theirs[0].loss.toFixed(5)}, norm of the gradients ${own[0].norm.toFixed(4)} and ${theirs[0].norm.toFixed(4)}`,
  );
} else console.log('torch         not found: set PYTHON to a Python that has it for the comparison');
console.log(`SGD step      ${sgdMilliseconds().toFixed(0)} ms, not part of the above`);

// ---- below: internals ----

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function summary(times: readonly number[]): string {
  return `median ${median(times).toFixed(0)} ms, ${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)}`;
}

/** The largest resident memory of this process so far. */
function peakMiB(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

function sgdMilliseconds(): number {
  const optimizer = new Sgd(parameters, { learningRate: 0.01, momentum: 0.9, weightDecay: 1e-4 });
  const byName = new Map(parameters.map((w) => [w.name, into[`d ${w.name}`]]));
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    optimizer.step(byName);
    return performance.now() - start;
  });
  return median(times);
}

/** Long enough for the threads of the other to stop waiting busily for more work. */
async function idle(): Promise<void> {
  if (torch) await new Promise((resolve) => setTimeout(resolve, 500));
}

/** The comparator, which takes a step for each line that it reads. */
function openTorch() {
  const python = process.env.PYTHON ?? 'python3';
  if (spawnSync(python, ['-c', 'import torch']).status !== 0) return null;
  const script = fileURLToPath(new URL('resnet.py', import.meta.url));
  const child: ChildProcess = spawn(python, [script, String(threads)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  const ask = async (word: string) => {
    child.stdin?.write(`${word}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error('resnet.py ended early; its messages stand above');
    return JSON.parse(value);
  };
  return {
    step: (): Promise<Step> => ask('step'),
    close: (): Promise<{ version: string; peakMiB: number }> => ask('close'),
  };
}
