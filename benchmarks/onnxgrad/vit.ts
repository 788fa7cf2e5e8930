/**
 * A ViT-S (12 blocks, width 384, 2 × 800 tokens, random weights): the forward pass beside a hand-written ONNX graph with
 * fused attention, training steps (AdamW included) beside the forward pass, memory with and without rematerialisation, and all of it
 * beside PyTorch where a Python that has it is found (`PYTHON`, else `python3`).
 *
 *   node benchmarks/onnxgrad/vit.ts [--threads 2] [--repeats 6] [--rounds 2]
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  add,
  attention,
  compile,
  compileTraining,
  gelu,
  input,
  layerNorm,
  linear,
  loadProgram,
  mean,
  multiply,
  type Parameter,
  parameter,
  rematerialise,
  type Tensor,
} from 'onnxgrad';
import { AdamW } from 'onnxgrad/optim';
import { handWritten } from './vitByHand.ts';

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: '2' },
    repeats: { type: 'string', default: '6' },
    rounds: { type: 'string', default: '2' },
    child: { type: 'string' },
  },
});
const threads = Number(values.threads);
const repeats = Number(values.repeats);

const [batch, tokens, width, heads, depth, hidden] = [2, 800, 384, 6, 12, 96];
const jobs = ['forward', 'by hand', 'adapter', 'adapter rematerialised', 'full', 'full rematerialised'] as const;
type Job = (typeof jobs)[number];

interface Measured {
  readonly milliseconds: readonly number[];
  /** To build, differentiate and open the session. */
  readonly compileMilliseconds: number;
  /** Resident memory at the highest of the steps, above what there was before them. */
  readonly stepMegabytes: number;
}

if (values.child) console.log(JSON.stringify(await measured(values.child as Job)));
else report();

// ---- the network ----

interface Affine {
  readonly weight: Parameter;
  readonly bias: Parameter;
}

/** Weights are made before the clock starts; `isTrained` says whether those of the backbone are. */
function network(isTrained: boolean, hasAdapters: boolean): (x: Tensor, isAgain: boolean) => Tensor {
  const affine = (name: string, outputs: number, inputs: number, trainable = isTrained): Affine => ({
    weight: parameter([outputs, inputs], random(outputs * inputs, 1 / Math.sqrt(inputs)), {
      name: `${name}.weight`,
      trainable,
    }),
    bias: parameter([outputs], random(outputs, 0.02), { name: `${name}.bias`, trainable }),
  });
  const norm = (name: string): Affine => ({
    weight: parameter([width], new Float32Array(width).fill(1), { name: `${name}.weight`, trainable: isTrained }),
    bias: parameter([width], undefined, { name: `${name}.bias`, trainable: isTrained }),
  });
  const blocks = Array.from({ length: depth }, (_, i) => ({
    norm1: norm(`${i}.norm1`),
    qkv: ['q', 'k', 'v'].map((part) => affine(`${i}.${part}`, width, width)),
    proj: affine(`${i}.proj`, width, width),
    norm2: norm(`${i}.norm2`),
    fc1: affine(`${i}.fc1`, 4 * width, width),
    fc2: affine(`${i}.fc2`, width, 4 * width),
    down: affine(`${i}.down`, hidden, width, true),
    up: affine(`${i}.up`, width, hidden, true),
    gamma: parameter([1], [1], { name: `${i}.gamma` }),
  }));
  const epsilon = 1e-6;
  const apply = (x: Tensor, { weight, bias }: Affine) => linear(x, weight, bias);
  return (start, isAgain) => {
    const stretch = isAgain ? rematerialise : <T>(make: () => T) => make();
    // With stretches, what attention gives and what the block gives before its adapter is kept, and all between is not;
    // the adapter is small and is computed in both stretches that read it.
    let read = () => start;
    for (const block of blocks) {
      const before = read;
      const mixed = stretch(() => {
        const normed = layerNorm(before(), block.norm1.weight, block.norm1.bias, { epsilon });
        const [q, k, v] = block.qkv.map((part) => apply(normed, part));
        return attention(q, k, v, { heads });
      });
      const after = stretch(() => {
        const middle = add(before(), apply(mixed, block.proj));
        const inner = apply(layerNorm(middle, block.norm2.weight, block.norm2.bias, { epsilon }), block.fc1);
        return add(middle, apply(gelu(inner), block.fc2));
      });
      const adapted = () => add(after, multiply(apply(gelu(apply(after, block.down)), block.up), block.gamma));
      const kept = isAgain || !hasAdapters ? after : adapted();
      read = isAgain && hasAdapters ? adapted : () => kept;
    }
    return read();
  };
}

function random(length: number, size: number): Float32Array {
  const array = new Float32Array(length);
  let state = 1 + length;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    array[i] = (state / 2 ** 31) * size;
  }
  return array;
}

// ---- one job, in a process of its own ----

async function measured(job: Job): Promise<Measured> {
  const feeds = { x: random(batch * tokens * width, 1) };
  const make = network(job.startsWith('full'), job.startsWith('adapter'));
  const start = performance.now();
  let run: () => Promise<unknown>;
  if (job === 'by hand') {
    const program = await loadProgram(handWritten({ batch, tokens, width, heads, depth }, random), { threads });
    run = () => program.run(feeds);
  } else {
    const y = make(input('x', [batch, tokens, width]), job.endsWith('rematerialised'));
    if (job === 'forward') {
      const program = await compile({ y }, { threads });
      run = () => program.run(feeds);
    } else {
      const training = await compileTraining(mean(multiply(y, y)), { threads });
      const optimizer = new AdamW(training.parameters, { learningRate: 1e-5 });
      run = async () => optimizer.step((await training.run(feeds)).gradients);
    }
  }
  const compileMilliseconds = performance.now() - start;
  globalThis.gc?.();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const before = resetPeak();
  const milliseconds: number[] = [];
  for (let i = 0; i <= repeats; i++) {
    const begin = performance.now();
    await run();
    if (i > 0) milliseconds.push(performance.now() - begin);
  }
  return { milliseconds, compileMilliseconds, stepMegabytes: peakMegabytes() - before };
}

/** Linux keeps the highest resident size since it was last told to forget it; elsewhere this is not a number. */
function peakMegabytes(): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

function resetPeak(): number {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Not Linux: the figure stays out.
  }
  return peakMegabytes();
}

// ---- all jobs, one round after another, since the machine's speed varies by the minute ----

function report(): void {
  const found = new Map<Job, Measured[]>(jobs.map((job) => [job, []]));
  const torch: Record<'forward' | 'adapter' | 'full', number[]> = { forward: [], adapter: [], full: [] };
  let version = '';
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const job of jobs) found.get(job)?.push(child(job));
    const theirs = comparator();
    if (!theirs) continue;
    version = theirs.version;
    for (const kind of ['forward', 'adapter', 'full'] as const) torch[kind].push(...theirs[kind]);
  }
  const best = (job: Job) => Math.min(...(found.get(job) ?? []).flatMap(({ milliseconds }) => milliseconds));
  const megabytes = (job: Job) => Math.max(...(found.get(job) ?? []).map(({ stepMegabytes }) => stepMegabytes));
  const compileTime = Math.max(...(found.get('full') ?? []).map(({ compileMilliseconds }) => compileMilliseconds));

  console.log(
    `ViT-S, ${depth} blocks, ${batch} × ${tokens} tokens, ${threads} threads; best of ${Number(values.rounds) * repeats}`,
  );
  const row = (label: string, value: string, note = '') =>
    console.log(`  ${label.padEnd(34)}${value.padStart(10)}   ${note}`);
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  const times = (a: number, b: number) => (a / b).toFixed(2);
  row(
    'forward',
    ms(best('forward')),
    `${times(best('forward'), best('by hand'))} of the graph by hand (${ms(best('by hand'))})`,
  );
  row('adapter training step', ms(best('adapter')), `${times(best('adapter'), best('forward'))} of the forward pass`);
  row('full training step', ms(best('full')), `${times(best('full'), best('forward'))} of the forward pass`);
  for (const kind of ['adapter', 'full'] as const) {
    const again = `${kind} rematerialised` as const;
    row(`${kind} step, rematerialised`, ms(best(again)), `${times(best(again), best(kind))} of the time without`);
    const note = `${times(megabytes(again), megabytes(kind))} of the ${megabytes(kind).toFixed(0)} MB without`;
    row('  peak memory of the step', `${megabytes(again).toFixed(0)} MB`, note);
  }
  row('compile the full training program', ms(compileTime));
  if (!version) {
    console.log('  PyTorch: skipped, no Python with torch was found (set PYTHON)');
    return;
  }
  for (const kind of ['forward', 'adapter', 'full'] as const) {
    const theirs = Math.min(...torch[kind]);
    row(`PyTorch ${version}, ${kind}`, ms(theirs), `ours takes ${times(best(kind), theirs)} of that`);
  }
}

function child(job: Job): Measured {
  const args = [
    '--expose-gc',
    fileURLToPath(import.meta.url),
    '--threads',
    values.threads,
    '--repeats',
    values.repeats,
    '--child',
    job,
  ];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The job ${job} failed: ${stderr}`);
  return JSON.parse(stdout);
}

function comparator(): { version: string; forward: number[]; adapter: number[]; full: number[] } | null {
  const script = fileURLToPath(new URL('vit.py', import.meta.url));
  const { stdout, status } = spawnSync(process.env.PYTHON ?? 'python3', [script, values.threads, values.repeats], {
    encoding: 'utf8',
  });
  return status === 0 ? JSON.parse(stdout) : null;
}
