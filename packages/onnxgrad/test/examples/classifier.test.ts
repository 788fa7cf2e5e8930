import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, loadProgram } from 'onnxgrad';
import { loadState } from 'onnxgrad/nn';
import { readSafetensors } from 'onnxgrad/weights';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MotionClassifier } from '../../examples/classifier/model.ts';
import { frames, makeMotions, movements, randomNumbers } from '../../examples/classifier/movements.ts';
import { terminalCurve } from '../../examples/classifier/terminalCurve.ts';
import { sharesOf } from '../../examples/classifier/train.ts';
import { accuracy, confusion } from '../../examples/classifier/verdicts.ts';

const script = fileURLToPath(new URL('../../examples/classifier/node.ts', import.meta.url));
const run = (...words: string[]) => spawnSync(process.execPath, [script, ...words], { encoding: 'utf8' });

describe('the example in a terminal', () => {
  it('lists steps, losses and accuracy, and what was taken for what', () => {
    const { status, stdout, stderr } = run('--steps', '20', '--threads', '1');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^step +10 {3}loss \d\.\d{3} {3}held out \d+\.\d %\nstep +20 {3}loss/);
    expect(stdout).toMatch(/Of 500 tracks held out, \d+\.\d % are told right:/);
    const counts = stdout.split('\n').flatMap((line) => {
      const [name, ...cells] = line.trim().split(/\s+/);
      return cells.length === movements.length && movements.includes(name as 'nod') ? cells : [];
    });
    expect(counts).toHaveLength(movements.length ** 2);
    expect(counts.reduce((sum, cell) => sum + (cell === '·' ? 0 : Number(cell)), 0)).toBe(500);
  });

  it('saves weights and a model, which agree', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'example '));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    expect(run('--steps', '5', '--seed', '3', '--threads', '1', '--save', join(folder, 'model')).status).toBe(0);
    const { tracks } = makeMotions(1, randomNumbers(5));
    await using stored = await loadProgram(readFileSync(join(folder, 'model.onnx')), { threads: 1 });
    const model = new MotionClassifier(0);
    loadState(model, readSafetensors(readFileSync(join(folder, 'model.safetensors'))).tensors);
    await using built = await compile({ shares: sharesOf(model, 1) }, { threads: 1 });
    const [a, b] = [(await stored.run({ tracks })).shares, (await built.run({ tracks })).shares];
    expect(a.shape).toEqual([1, movements.length]);
    for (const [i, share] of (a.data as Float32Array).entries()) {
      expect(share).toBeCloseTo((b.data as Float32Array)[i], 5);
    }
  });

  it('says what is wrong with a word and ends with 2', () => {
    const { status, stderr } = run('--steps', 'many');
    expect(status).toBe(2);
    expect(stderr).toBe('--steps is "many"; expected a whole number above 0.\n');
  });
});

describe('the movements of the example', () => {
  it('are the same for the same seed', () => {
    expect(makeMotions(20, randomNumbers(1))).toEqual(makeMotions(20, randomNumbers(1)));
    expect(makeMotions(20, randomNumbers(1))).not.toEqual(makeMotions(20, randomNumbers(2)));
  });

  it('cannot be told by where the point is: the mean track of each helps little', () => {
    const length = 2 * frames;
    const known = makeMotions(2000, randomNumbers(1));
    const trackOf = (tracks: Float32Array, i: number) => tracks.subarray(i * length, (i + 1) * length);
    const means = movements.map((_, label) => {
      const tracks = [...known.labels.keys()]
        .filter((i) => known.labels[i] === label)
        .map((i) => trackOf(known.tracks, i));
      return Float64Array.from(
        { length },
        (_, at) => tracks.reduce((sum, track) => sum + track[at], 0) / tracks.length,
      );
    });
    const unknown = makeMotions(500, randomNumbers(2));
    const nearness = unknown.labels.flatMap((_, i) => {
      const track = trackOf(unknown.tracks, i);
      return means.map((mean) => -mean.reduce((sum, value, at) => sum + (value - track[at]) ** 2, 0));
    });
    // One in five is guessing.
    expect(accuracy(Float32Array.from(nearness), unknown)).toBeLessThan(0.4);
  });
});

describe('verdicts', () => {
  it('counts a track under its movement and under what has the largest share', () => {
    const motions = { tracks: new Float32Array(), labels: [0, 1, 1] };
    const shares = new Float32Array([0.9, 0.1, 0, 0, 0, 0.2, 0.8, 0, 0, 0, 0, 0, 0, 0.3, 0.7]);
    expect(accuracy(shares, motions)).toBeCloseTo(2 / 3);
    const counts = confusion(shares, motions);
    expect([counts[0][0], counts[1][1], counts[1][4]]).toEqual([1, 1, 1]);
    expect(counts.flat().reduce((sum, count) => sum + count)).toBe(3);
  });
});

describe('terminalCurve', () => {
  const size = { columns: 27, rows: 5 };
  /** For each column of dots the uppermost that is set, counted from the top; −1 where there is none. */
  const heights = (lines: readonly string[]) =>
    Array.from({ length: 40 }, (_, x) => {
      const bits = [
        [0x01, 0x02, 0x04, 0x40],
        [0x08, 0x10, 0x20, 0x80],
      ][x % 2];
      const all = lines.flatMap((line) => bits.map((bit) => ((line.codePointAt(7 + (x >> 1)) ?? 0) & bit) > 0));
      return all.indexOf(true);
    });

  it('falls from the left top to the right bottom with values that fall', () => {
    const lines = terminalCurve(
      Array.from({ length: 100 }, (_, i) => 2 - i / 49.5),
      100,
      size,
    );
    expect(lines.map(({ length }) => length)).toEqual([27, 27, 27, 27, 27]);
    expect(lines[0].slice(0, 7)).toBe(' 2.00 ┤');
    const found = heights(lines);
    expect([found[0], found[39]]).toEqual([0, 19]);
    expect(found).toEqual(found.toSorted((a, b) => a - b));
  });

  it('leaves room for the steps to come', () => {
    const found = heights(terminalCurve([1, 1, 1, 1, 1], 10, size));
    expect(found.slice(0, 19)).toEqual(new Array(19).fill(0));
    expect(found.slice(20)).toEqual(new Array(20).fill(-1));
  });

  it('draws a single step', () => {
    expect(heights(terminalCurve([0.5], 1, size))[0]).toBe(0);
  });
});
