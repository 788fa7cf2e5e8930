/** Trains the classifier in a terminal: `node node.ts --help`. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { toOnnx } from 'onnxgrad';
import { saveState } from 'onnxgrad/nn';
import { writeSafetensors } from 'onnxgrad/weights';
import { MotionClassifier } from './model.ts';
import { makeMotions, movements, randomNumbers } from './movements.ts';
import { terminalCurve } from './terminalCurve.ts';
import { sharesOf, train } from './train.ts';
import { accuracy, confusion } from './verdicts.ts';

const help = `Trains a small network to tell ${movements.join(', ')} apart, on tracks made up as it goes.

  --steps N      training steps, 300 unless given
  --seed N       what weights and tracks depend on, 1 unless given
  --threads N    threads of the engine, all cores unless given
  --save NAME    writes NAME.safetensors (the weights) and NAME.onnx (the model)
  --help         this text`;

const { values: options } = parseArgs({
  options: {
    steps: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string' },
    save: { type: 'string' },
    help: { type: 'boolean' },
  },
});

if (options.help) console.log(help);
else await main();

async function main(): Promise<void> {
  const steps = wholeNumber('steps', options.steps);
  const seed = wholeNumber('seed', options.seed);
  const threads = options.threads === undefined ? undefined : wholeNumber('threads', options.threads);
  const heldOut = makeMotions(500, randomNumbers(seed + 1));
  const model = new MotionClassifier(seed);
  const show = process.stdout.isTTY ? drawing(steps) : listing();

  let shares = new Float32Array();
  for await (const progress of train(model, heldOut, { steps, seed, threads })) {
    if (progress.shares) shares = progress.shares as typeof shares;
    show(progress.step, progress.loss, progress.shares && accuracy(progress.shares, heldOut));
  }

  console.log(`\nOf ${heldOut.labels.length} tracks held out, ${percent(accuracy(shares, heldOut))} are told right:\n`);
  console.log(table(confusion(shares, heldOut)));
  if (options.save !== undefined) save(model, options.save);
}

function save(model: MotionClassifier, name: string): void {
  writeFileSync(`${name}.safetensors`, writeSafetensors(saveState(model)));
  writeFileSync(`${name}.onnx`, toOnnx({ shares: sharesOf(model, 1) }, `Tells apart: ${movements.join(', ')}`));
  console.log(`\nWritten: ${name}.safetensors, ${name}.onnx`);
}

// ---- below: what is seen ----

type Show = (step: number, loss: number, accuracy?: number) => void;

/** The curve and a line below it, drawn over themselves, ten times a second at most. */
function drawing(steps: number): Show {
  const size = { columns: Math.min(process.stdout.columns - 1, 72), rows: 10 };
  const [losses, start]: [number[], number] = [[], performance.now()];
  let [known, drawn] = [Number.NaN, Number.NEGATIVE_INFINITY];
  return (step, loss, accuracy = known) => {
    losses.push(loss);
    known = accuracy;
    const now = performance.now();
    if (step < steps && now - drawn < 100) return;
    const seconds = ((now - start) / 1000).toFixed(1);
    const lines = [
      ...terminalCurve(losses, steps, size),
      '',
      `  loss ${loss.toFixed(3)}   held out ${percent(known).padStart(7)}   step ${String(step).padStart(String(steps).length)} of ${steps}   ${seconds} s`,
    ];
    const back = drawn === Number.NEGATIVE_INFINITY ? '\n' : `\x1b[${lines.length}A`;
    drawn = now;
    // A line that wraps would be two, and the next drawing one too low.
    const cut = lines.map((line) => `\x1b[2K${line.slice(0, process.stdout.columns - 1)}\n`);
    process.stdout.write(back + cut.join(''));
  };
}

/** Plain lines, for files and pipes. */
function listing(): Show {
  return (step, loss, accuracy) => {
    if (accuracy !== undefined)
      console.log(`step ${String(step).padStart(5)}   loss ${loss.toFixed(3)}   held out ${percent(accuracy)}`);
  };
}

/** Rows are what was done, columns what it was taken for. */
function table(counts: readonly (readonly number[])[]): string {
  const width = Math.max(...movements.map(({ length }) => length)) + 2;
  const line = (name: string, cells: readonly (string | number)[]) =>
    `  ${name.padEnd(width)}${cells.map((cell) => String(cell || '·').padStart(width)).join('')}`;
  return [line(' ', movements), ...counts.map((row, i) => line(movements[i], row))].join('\n');
}

function percent(part: number): string {
  return Number.isNaN(part) ? '–' : `${(part * 100).toFixed(1)} %`;
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  console.error(`--${name} is ${JSON.stringify(text)}; expected a whole number above 0.`);
  process.exit(2);
}
