import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSafetensors, writeSafetensors } from 'onnxgrad/weights';
import { afterAll, describe, expect, it } from 'vitest';
import { compareAll } from '../../../scripts/golden/compare.ts';
import { readTolerances, zeroGradients } from '../../../scripts/golden/tolerance.ts';

const runner = fileURLToPath(new URL('../../../scripts/golden/run.ts', import.meta.url));
const cases = fileURLToPath(new URL('golden/adapters/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'golden-runner-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('npm run golden', () => {
  it('finds every case below a path, prints a table with a closing count, and exits with 0', () => {
    const { status, stdout } = golden(cases);
    expect(status).toBe(0);
    const [titles, ...lines] = stdout.trimEnd().split('\n');
    expect(titles.split(/ {2,}/)).toEqual(['case', 'tensors', 'absolute', 'relative', 'tolerance', 'result']);
    expect(lines.slice(0, 5).map((line) => line.split(/ {2,}/)[0])).toEqual(
      ['dsta_eq3', 'dsta_table4', 'dsta_wide', 'standard', 'tia'].map((kind) => `adapter_unit_${kind}`),
    );
    expect(lines[4]).toMatch(
      /^adapter_unit_tia +11 +\S+e-\d +\S+e-\d {2}forward 1e-4 rel \+ 1e-6 abs, gradients 1e-3 rel \+ 1e-10 abs {2}pass$/,
    );
    expect(lines.at(-1)).toBe('5 passed, 0 failed, 0 not yet, 5 in all');
  });

  it('gives the same as JSON', () => {
    const { status, stdout } = golden(join(cases, 'adapter_unit_tia'), '--json');
    const {
      cases: [only],
      ...counts
    } = JSON.parse(stdout);
    expect([status, counts]).toEqual([0, { passed: 1, failed: 0, notYet: 0 }]);
    expect(only).toMatchObject({ name: 'adapter_unit_tia', status: 'pass', tensors: 11 });
    expect(only.comparisons.find(({ tensor }: { tensor: string }) => tensor === 'y')).toEqual({
      tensor: 'y',
      absolute: expect.any(Number),
      relative: expect.any(Number),
      allowed: expect.any(Number),
    });
    expect(only.largestRelative).toBe(
      Math.max(...only.comparisons.map(({ relative }: { relative: number }) => relative)),
    );
  });

  it('fails where a number is off by more than the tolerance, and names the tensor', () => {
    const path = copied('off', (file) => {
      const { tensors } = readSafetensors(readFileSync(join(file, 'outputs.safetensors')));
      const { data } = tensors.get('grad.conv.weight') as { data: Float32Array };
      data[3] *= 1.01;
      writeFileSync(join(file, 'outputs.safetensors'), writeSafetensors(tensors));
    });
    const { status, stdout } = golden(path);
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /adapter_unit_tia: grad\.conv\.weight differs by \S+ \(\S+ of its largest\), \S+ is allowed/,
    );
    expect(stdout).toContain('0 passed, 1 failed');
  });

  it('takes weights strictly: one of another name is a failure that says so', () => {
    const path = copied('renamed', (file) => {
      const { tensors } = readSafetensors(readFileSync(join(file, 'weights.safetensors')));
      const renamed = [...tensors].map(([name, tensor]) => [name.replace('gamma', 'scale'), tensor] as const);
      writeFileSync(join(file, 'weights.safetensors'), writeSafetensors(new Map(renamed)));
      edited(file, ({ weights: _, ...rest }) => rest);
    });
    const { status, stdout } = golden(path);
    expect([status, stdout]).toEqual([1, expect.stringMatching(/missing +gamma.*unexpected +scale/s)]);
  });

  it('builds a case of other sizes than it has seen', () => {
    // The standard adapter sees each token by itself: the same tokens are also those of another grid.
    const path = copied(
      'other',
      (file) => edited(file, (json) => ({ ...json, config: { ...json.config, h: 5, w: 3 } })),
      'standard',
    );
    expect(golden(path).status).toBe(0);
  });

  it('lists what it cannot run yet, with what that names, and does not fail for it', () => {
    mkdirSync(join(folder, 'later'));
    writeFileSync(join(folder, 'later', 'case.json'), '{ "model": "Some model of next year" }');
    const { status, stdout } = golden(join(folder, 'later'));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^later +not yet: Some model of next year$/m);
    expect(stdout).toContain('0 passed, 0 failed, 1 not yet, 1 in all');
  });

  it.each<[string, (file: string) => void, RegExp]>([
    ['JSON that is none', (file) => writeFileSync(join(file, 'case.json'), '{ "model": '), /case\.json cannot be read/],
    ['a missing file', (file) => rmSync(join(file, 'inputs.safetensors')), /inputs\.safetensors is missing/],
    [
      'a file that is cut off',
      (file) =>
        writeFileSync(
          join(file, 'outputs.safetensors'),
          readFileSync(join(file, 'outputs.safetensors')).subarray(0, 5000),
        ),
      /outputs\.safetensors/,
    ],
    [
      'a setting of the wrong kind',
      (file) => edited(file, (json) => ({ ...json, config: { ...json.config, h: 'two' } })),
      /config\.h is "two"; expected a number/,
    ],
    [
      'a tolerance in no known form',
      (file) => edited(file, (json) => ({ ...json, tolerance: 'close enough' })),
      /"close enough" is in no known form/,
    ],
  ])('fails, and goes on, where a case has %s', (name, damage, reason) => {
    const path = copied(`damaged ${name}`, damage);
    const { status, stdout } = golden(path, join(cases, 'adapter_unit_standard'));
    expect(status).toBe(1);
    expect(stdout).toMatch(reason);
    expect(stdout).toContain('1 passed, 1 failed');
  });

  it('says how it is used where it is given nothing, or nothing is there', () => {
    for (const args of [[], [join(folder, 'nowhere')], ['--jsn', cases]]) {
      const { status, stderr } = golden(...args);
      expect([status, stderr]).toEqual([2, expect.stringContaining('usage: npm run golden -- PATH... [--json]')]);
    }
  });
});

describe('readTolerances', () => {
  const both = (value: number) => ({ relative: value, absolute: value, ofLargest: 0 });
  const relative = (value: number) => ({ relative: value, absolute: 0, ofLargest: 0 });
  const absolute = (value: number) => ({ relative: 0, absolute: value, ofLargest: 0 });

  it.each([
    [
      { forward: { rel: 1e-4, abs: 1e-6 }, gradient: { rel: 1e-3, abs: 1e-10 } },
      'y',
      { relative: 1e-4, absolute: 1e-6, ofLargest: 0 },
    ],
    [
      { forward: { rel: 1e-4, abs: 1e-6 }, gradient: { rel: 1e-3, abs: 1e-10 } },
      'grad_input.x',
      { relative: 1e-3, absolute: 1e-10, ofLargest: 0 },
    ],
    [{ forward: { atol: 1e-12, rtol: 1e-6 } }, 'rates', { relative: 1e-6, absolute: 1e-12, ofLargest: 0 }],
    [
      { forward: 'atol 2e-4 + rtol 1e-4 of max |ref|', train_grads: 'rel 5e-3 of max|g|' },
      'y',
      { relative: 1e-4, absolute: 2e-4, ofLargest: 0 },
    ],
    [
      { forward: 'atol 2e-4 + rtol 1e-4 of max |ref|', train_grads: 'rel 5e-3 of max|g|' },
      'train.grad.w',
      relative(5e-3),
    ],
    ['forward atol 1e-4 + 1e-4*max|ref|; grads 5e-3*max|g| per tensor', 'eval.y', both(1e-4)],
    ['forward atol 1e-4 + 1e-4*max|ref|; grads 5e-3*max|g| per tensor', 'eval.grad.w', relative(5e-3)],
    [
      'forward 1e-4; grads 5e-3 of max|g| (floor 1e-4 of the global max)',
      'grad.w',
      { relative: 5e-3, absolute: 0, ofLargest: 1e-4 },
    ],
    ['forward 2e-5; grads 1e-3 of max|g|', 'eval.out', both(2e-5)],
    ['1e-5 fwd, 1e-4 of max|g| grads', 'loss', both(1e-5)],
    ['1e-5 fwd, 1e-4 of max|g| grads', 'grad.x', relative(1e-4)],
    ['1e-5 absolute; gradients 1e-4 of max|g|', 'out', absolute(1e-5)],
    ['2e-4 relative to max|ref|', 'grad.x', relative(2e-4)],
    ['losses 1e-3 rel; params 1e-4 abs', 'losses', relative(1e-3)],
    ['losses 1e-3 rel; params 1e-4 abs', 'after3.w', absolute(1e-4)],
    ['exact', 'frames', absolute(0)],
    [undefined, 'y', { relative: 1e-4, absolute: 1e-6, ofLargest: 0 }],
    [undefined, 'grad.y', { relative: 1e-3, absolute: 1e-10, ofLargest: 0 }],
  ])('reads %j for %s', (tolerance, tensor, expected) => {
    expect(readTolerances(tolerance).of(tensor)).toEqual(expected);
  });
});

describe('compareAll', () => {
  const list = (...values: number[]) =>
    ({ dtype: 'float64', shape: [values.length], data: Float64Array.from(values) }) as const;
  const compare = (
    a: Parameters<typeof compareAll>[0],
    b: Parameters<typeof compareAll>[1],
    tolerance: unknown = '1e-3',
  ) => compareAll(a, b, readTolerances(tolerance), zeroGradients(tolerance));

  it('takes a number that is none, or is infinite, for as far as can be, unless both are it', () => {
    const golden = new Map([['y', list(1, Number.NaN, Number.POSITIVE_INFINITY)]]);
    expect(compare(golden, golden)[0].absolute).toBe(0);
    expect(compare(new Map([['y', list(1, 2, 3)]]), golden)[0].absolute).toBe(Number.POSITIVE_INFINITY);
    expect(compare(new Map([['y', list(Number.NaN)]]), new Map([['y', list(1)]]))[0].absolute).toBe(
      Number.POSITIVE_INFINITY,
    );
  });

  it('says what was not computed, or has another shape', () => {
    const golden = new Map([
      ['a', list(1)],
      ['b', list(1, 2)],
    ]);
    const found = compare(new Map([['b', list(1)]]), golden);
    expect(found.map(({ problem }) => problem)).toEqual(['was not computed', 'has shape [1], golden [2]']);
  });

  it('checks of gradients that are zero in theory that they are small, whatever the golden noise', () => {
    const tolerance = { zero_gradients: ['grad.k'], zero_gradients_rule: 'only check |a| < 1e-7' };
    const golden = new Map([['grad.k', list(3e-9)]]);
    const at = (value: number) => compare(new Map([['grad.k', list(value)]]), golden, tolerance)[0];
    expect(at(-9e-8)).toMatchObject({ absolute: 9e-8, relative: null, allowed: 1e-7 });
  });

  it('allows on top what a golden tensor is off by itself, where the case says so', () => {
    const golden = new Map([
      ['a', list(1)],
      ['b', list(1)],
    ]);
    const noise = (tensor: string) => (tensor === 'a' ? 1e-4 : 0);
    const found = compareAll(golden, golden, readTolerances('1e-5 absolute'), zeroGradients(undefined), noise);
    expect(found.map(({ allowed }) => allowed)).toEqual([1e-5 + 1e-4, 1e-5]);
  });

  it('allows gradients a part of the largest of all where the case says so', () => {
    const golden = new Map([
      ['grad.a', list(100)],
      ['grad.b', list(0)],
    ]);
    const text = 'forward 1e-4; grads 5e-3 of max|g| (floor 1e-4 of the global max)';
    expect(compare(golden, golden, text)[1].allowed).toBeCloseTo(0.01, 12);
  });
});

function golden(...args: readonly string[]) {
  const env = { ...process.env, NO_COLOR: '1' };
  return spawnSync(process.execPath, [runner, ...args], { encoding: 'utf8', env });
}

/** A copy of a case, changed; its folder. */
function copied(name: string, change: (folder: string) => void, kind = 'tia'): string {
  const target = join(folder, name);
  cpSync(join(cases, `adapter_unit_${kind}`), target, { recursive: true });
  change(target);
  return target;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever a test changes
function edited(path: string, change: (json: any) => unknown): void {
  const file = join(path, 'case.json');
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')))));
}
