import { fileURLToPath } from 'node:url';
import { compile, input, type Tensor } from 'onnxgrad';
import { countParameters, Initializer, stateOf } from 'onnxgrad/nn';
import { describe, expect, it } from 'vitest';
import { checkCase } from '../../../../../scripts/golden/checkCase.ts';
import { isGradient } from '../../../../../scripts/golden/tolerance.ts';
import { type AdapterOptions, dstaReadings, makeAdapter, type TokenGrid } from './index.ts';

const golden = fileURLToPath(new URL('../../../test/golden/adapters/', import.meta.url));
const kinds: Record<string, AdapterOptions> = {
  standard: { kind: 'standard' },
  tia: { kind: 'tia' },
  dsta_eq3: { kind: 'dsta', ...dstaReadings.equation3 },
  dsta_table4: { kind: 'dsta', ...dstaReadings.table4 },
  dsta_wide: { kind: 'dsta', ...dstaReadings.wide },
};

describe('adapters', () => {
  it.each(Object.keys(kinds))('%s gives what the reference gives: forward to 1e-5, gradients to 1e-4', async (name) => {
    const [{ status, reason, comparisons }] = await checkCase(`${golden}adapter_unit_${name}`);
    expect({ status, reason }).toEqual({ status: 'pass', reason: undefined });
    expect(comparisons.length).toBeGreaterThan(5);
    for (const { tensor, relative } of comparisons) {
      expect(relative, tensor).toBeLessThanOrEqual(isGradient(tensor) ? 1e-4 : 1e-5);
    }
  });

  it.each([
    ['standard', 890_508],
    ['tia', 1_006_860],
    ['dsta_eq3', 1_572_516],
    ['dsta_table4', 1_892_772],
    ['dsta_wide', 1_904_292],
  ])('%s trains %i parameters in the twelve blocks of a ViT-S', (name, parameters) => {
    expect(12 * countParameters(makeAdapter(kinds[name], 384, new Initializer(null))).total).toBe(parameters);
  });

  it.each(Object.keys(kinds))('%s changes nothing when it is new', async (name) => {
    const adapter = makeAdapter(kinds[name], 8, new Initializer(3));
    const values = wave(2 * 24 * 8);
    expect(await run((x) => adapter.apply(x, oneVideo), [2, 24, 8], values)).toEqual(values);
  });

  it.each([
    ['standard', [17]],
    ['tia', [11, 17, 23]],
    // In time the same place one step before and after, in space the rest of the corner it lies in.
    ['dsta_eq3', [11, 13, 14, 16, 17, 23]],
  ])('%s carries a change of one token to its neighbours and no further', async (name, tokens) => {
    expect(await changedBy(kinds[name], oneVideo, [17])).toEqual(tokens);
  });

  it('joins the clips of a video in time, and keeps videos apart', async () => {
    const two = { ...oneVideo, videos: 2 };
    // The last step of the first clip, and the last one of the first video.
    expect(await changedBy(kinds.tia, two, [18])).toEqual([12, 18, 24]);
    expect(await changedBy(kinds.tia, two, [42])).toEqual([36, 42]);
  });

  it('convolves by any odd kernel, and refuses an even one', () => {
    const wide = makeAdapter({ kind: 'tia', kernelSteps: 7, hiddenRatio: 1 / 2 }, 8, new Initializer(1));
    expect(stateOf(wide).get('dwconv.weight')?.shape).toEqual([4, 1, 7]);
    expect(() => makeAdapter({ kind: 'tia', kernelSteps: 4 }, 8, new Initializer(1))).toThrow(
      'TokenConvolution: kernel is [4]; expected odd lengths from 1 up',
    );
  });
});

/** Two clips of four steps of two rows and three columns, one video. */
const oneVideo: TokenGrid = { videos: 1, steps: 8, rows: 2, columns: 3 };

const wave = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i * 0.7));

/** The tokens of [clips, 24, 8] that come out differently when some go in differently, all weights being at work. */
async function changedBy(options: AdapterOptions, grid: TokenGrid, tokens: readonly number[]): Promise<number[]> {
  const adapter = makeAdapter(options, 8, new Initializer(5));
  for (const { data } of stateOf(adapter).values()) (data as Float32Array).set(wave(data.length).map((x) => x + 0.3));
  const count = grid.videos * grid.steps * grid.rows * grid.columns;
  const values = wave(count * 8);
  const others = values.map((value, i) => (tokens.includes(Math.floor(i / 8)) ? value + 1 : value));
  const apply = (x: Tensor) => adapter.apply(x, grid);
  const [before, after] = [
    await run(apply, [count / 24, 24, 8], values),
    await run(apply, [count / 24, 24, 8], others),
  ];
  const isChanged = (token: number) => before.some((value, i) => Math.floor(i / 8) === token && value !== after[i]);
  return Array.from({ length: count }, (_, token) => token).filter(isChanged);
}

async function run(
  build: (x: Tensor) => Tensor,
  shape: readonly number[],
  values: Float32Array,
): Promise<Float32Array> {
  await using program = await compile({ y: build(input('x', shape)) }, { threads: 1 });
  return (await program.run({ x: values })).y.data as Float32Array;
}
