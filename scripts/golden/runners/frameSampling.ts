import { numbersOf, type TensorData } from 'onnxgrad';
import { multiScaleBoxes } from '../../../packages/microaction/src/training/augment/crop.ts';
import { denseFrames, segmentFrames } from '../../../packages/microaction/src/training/recognition/frameSampling.ts';
import type { Fields } from '../fields.ts';
import { names, type Runner, tensorIn } from './runner.ts';

/**
 * Which frames mmaction2 0.24 samples of clips of many lengths, and which boxes its multi-scale crop may choose. The
 * sampling of PCAN, which depends on NumPy's old random numbers, is of no model here and left out.
 */
export const frameSampling: Runner = {
  recognises: (json) => names(json, 'source', /\bSampleFrames\b/),
  run: async ({ json, inputs, outputs }) => {
    const counts = Array.from(numbersOf(tensorIn(inputs, 'num_frames')), Number);
    const expected = new Map([...outputs].filter(([name]) => !name.startsWith('pcan')));
    const computed = new Map([...expected.keys()].flatMap((name) => sampled(name, counts, cropOf(json))));
    return { computed, expected, tolerance: 'exact' };
  },
};

// ---- below: internals ----

/** What a name of an output asks for, as an entry of `computed`; nothing for names of no known kind. */
function sampled(name: string, counts: readonly number[], crop: Crop): [name: string, TensorData][] {
  const rowsFor = (rowOf: (frames: number) => ArrayLike<number>): [string, TensorData][] => [
    [name, table(counts.map(rowOf))],
  ];
  const segments = /^test\.seg(\d+)$/.exec(name);
  if (segments) return rowsFor((frames) => segmentFrames(frames, Number(segments[1])));
  const dense = /^test\.c(\d+)x(\d+)x(\d+)$/.exec(name)?.map(Number);
  if (dense) {
    const [, frames, strideFrames, clips] = dense;
    return rowsFor((count) => denseFrames(count, { frames, strideFrames, clips }));
  }
  const drawn = /^train\.seg(\d+)\.(min|max)$/.exec(name);
  if (drawn) {
    const draw = drawn[2] === 'min' ? (low: number) => low : (_: number, high: number) => high;
    return rowsFor((frames) => segmentFrames(frames, Number(drawn[1]), draw));
  }
  const size = /^multiscalecrop\.h(\d+)_w(\d+)$/.exec(name)?.map(Number);
  return size ? [[name, table(boxesOf(size[2], size[1], crop))]] : [];
}

interface Crop {
  readonly scales: readonly number[];
  readonly sizePixels: number;
}

/** As the case describes it in words: `scales 1,.875,.75,.66; ... a side within 3 px of 224`. */
function cropOf(json: Fields): Crop {
  const words = json.has('tensors') ? json.fields('tensors').text('multiscalecrop.*', '') : '';
  return {
    scales: (/scales ([\d.,]*\d)/.exec(words)?.[1] ?? '1,.875,.75,.66').split(',').map(Number),
    sizePixels: Number(/px of (\d+)/.exec(words)?.[1] ?? 224),
  };
}

/** Each box once, left, top, right, bottom, in order. */
function boxesOf(widthPixels: number, heightPixels: number, { scales, sizePixels }: Crop): number[][] {
  const boxes = multiScaleBoxes({ widthPixels, heightPixels }, { scales }, sizePixels).map(
    ({ left, top, width, height }) => [left, top, left + width, top + height],
  );
  const unique = [...new Map(boxes.map((box) => [box.join(), box])).values()];
  return unique.sort((a, b) => a.map((value, i) => value - b[i]).find((difference) => difference !== 0) ?? 0);
}

function table(rows: readonly ArrayLike<number>[]): TensorData {
  const data = Float64Array.from(rows.flatMap((row) => Array.from(row)));
  return { dtype: 'float64', shape: [rows.length, rows[0]?.length ?? 0], data };
}
