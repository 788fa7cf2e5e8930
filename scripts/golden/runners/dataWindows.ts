import type { TensorData } from 'onnxgrad';
import { sampleCount, slidingWindows, windowFrames } from '../../../packages/microaction/src/inference/windows.ts';
import type { Truth } from '../../../packages/microaction/src/models/heads/index.ts';
import {
  randomCrop,
  truthInFrames,
  truthInSteps,
  truthWithin,
} from '../../../packages/microaction/src/training/windows.ts';
import type { Fields } from '../fields.ts';
import { names, type Runner } from './runner.ts';

/** Which frames and which truth OpenTAD's data sets give: sliding windows, whole videos, random crops. All exact. */
export const dataWindows: Runner = {
  recognises: (json) => names(json, 'model', /^data windows/),
  run: async ({ json }) => {
    const tables: Tables = { computed: new Map(), expected: new Map() };
    const cases = json.fields('cases');
    for (const name of cases.names) {
      if (Array.isArray(cases.raw(name))) cropped(name, cases.each(name), tables);
      else if (cases.fields(name).has('windows')) slid(name, json, cases.fields(name), tables);
      else whole(name, json, cases.fields(name), tables);
    }
    return { ...tables, tolerance: 'exact' };
  },
};

// ---- below: internals ----

interface Tables {
  readonly computed: Map<string, TensorData>;
  readonly expected: Map<string, TensorData>;
}

interface Video {
  readonly name: string;
  readonly durationSeconds: number;
  readonly frames: number;
  readonly truth: Truth;
}

/** The videos of a part of the data set. */
function videosOf(json: Fields, subset: string): Video[] {
  const database = json.fields('annotations').fields('database');
  const classNames = json.texts('class_map');
  return database.names.flatMap((name) => {
    const video = database.fields(name);
    if (video.text('subset') !== subset) return [];
    const actions = video.each('annotations').flatMap((annotation) => {
      const [start, end] = annotation.numbers('segment');
      const label = annotation.text('label');
      return label === 'Ambiguous' ? [] : [{ start, end, classId: classNames.indexOf(label) }];
    });
    const about = { durationSeconds: video.number('duration'), frames: video.number('frame') };
    return { name, ...about, truth: truthInFrames(actions, about) };
  });
}

function slid(name: string, json: Fields, fields: Fields, tables: Tables): void {
  const args = fields.fields('args');
  const [length, strideFrames] = [args.number('window_size'), args.number('feature_stride')];
  const offsetFrames = args.number('offset_frames', 0);
  const isTest = args.flag('test_mode', false);
  const found = videosOf(json, args.text('subset_name')).flatMap(({ frames, truth }) => {
    const grid = { frames, strideFrames };
    const windows = slidingWindows(sampleCount(grid), { length, overlap: args.number('window_overlap_ratio') });
    return windows.flatMap((window) => {
      const startFrame = window.start * strideFrames;
      const bounds = { start: startFrame, end: (window.end - 1) * strideFrames };
      const within = isTest ? null : truthWithin(truth, bounds);
      if (within?.classes.length === 0) return [];
      return {
        window,
        ...windowFrames(window, grid, length),
        truth: within && truthInSteps(within, { strideFrames, startFrame, offsetFrames }),
      };
    });
  });
  const windows = fields.each('windows');
  put(tables, `${name}.count`, [found.length], [windows.length]);
  for (const [position, golden] of windows.entries()) {
    const at = `${name}.${position}`;
    const own = found[position];
    if (!own) continue;
    const { start, end } = own.window;
    const bounds = [golden.number('feature_start_idx'), golden.number('feature_end_idx')];
    put(tables, `${at}.steps`, [start, end - 1], bounds);
    put(tables, `${at}.start_frame`, [start * strideFrames], [golden.number('window_start_frame')]);
    putFrames(tables, at, own, golden);
    if (own.truth) putTruth(tables, at, own.truth, golden);
  }
}

function whole(name: string, json: Fields, fields: Fields, tables: Tables): void {
  const args = fields.fields('args');
  const grid = { strideFrames: args.number('feature_stride'), offsetFrames: args.number('offset_frames', 0) };
  const found = videosOf(json, args.text('subset_name'));
  for (const [position, golden] of fields.each('items').entries()) {
    putTruth(tables, `${name}.${position}`, truthInSteps(found[position].truth, grid), golden);
  }
}

function cropped(name: string, items: readonly Fields[], tables: Tables): void {
  for (const [position, golden] of items.entries()) {
    const at = `${name}.${position}`;
    const samplesPerStep = golden.number('scale_factor');
    const grid = {
      frames: golden.number('total_frames'),
      strideFrames: golden.number('snippet_stride') / samplesPerStep,
    };
    const draws = [...(golden.raw('randint_draws') as readonly (readonly number[])[])];
    const bounds: number[] = [];
    const draw = (low: number, high: number) => {
      bounds.push(low, high);
      return draws[bounds.length / 2 - 1]?.[2] ?? low;
    };
    const [low, high] = golden.numbers('crop_ratio');
    const count = golden.number('trunc_len') * samplesPerStep;
    const options = { length: count, leastPart: golden.number('trunc_thresh'), ratio: [low, high] } as const;
    const given = scaled(segmentsOf(golden, '_in'), samplesPerStep);
    const { truth, ...range } = randomCrop(sampleCount(grid), given, options, draw);
    put(
      tables,
      `${at}.draws`,
      bounds,
      draws.flatMap((drawn) => drawn.slice(0, 2)),
    );
    putFrames(tables, at, windowFrames(range, grid, count, samplesPerStep), golden);
    putTruth(tables, at, scaled(truth, 1 / samplesPerStep), golden);
  }
}

function segmentsOf(golden: Fields, suffix = ''): Truth {
  const segments = golden.raw(`gt_segments${suffix}`) as readonly (readonly number[])[];
  return {
    starts: Float32Array.from(segments, ([start]) => start),
    ends: Float32Array.from(segments, ([, end]) => end),
    classes: Int32Array.from(golden.numbers(`gt_labels${suffix}`)),
  };
}

const scaled = ({ starts, ends, classes }: Truth, by: number): Truth => ({
  starts: starts.map((step) => step * by),
  ends: ends.map((step) => step * by),
  classes,
});

function putFrames(
  tables: Tables,
  name: string,
  own: { readonly frames: Int32Array; readonly validSteps: number },
  golden: Fields,
): void {
  put(tables, `${name}.frames`, [...own.frames], golden.numbers('frame_inds'));
  put(tables, `${name}.valid_steps`, [own.validSteps], [golden.number('valid_steps')]);
}

function putTruth(tables: Tables, name: string, own: Truth, golden: Fields): void {
  const rows = ({ starts, ends, classes }: Truth) => Array.from(classes, (id, i) => [starts[i], ends[i], id]).flat();
  put(tables, `${name}.truth`, rows(own), rows(segmentsOf(golden)));
}

function put({ computed, expected }: Tables, name: string, own: readonly number[], golden: readonly number[]): void {
  const tensor = (values: readonly number[]) =>
    ({ dtype: 'float64', shape: [values.length], data: Float64Array.from(values) }) as const;
  computed.set(name, tensor(own));
  expected.set(name, tensor(golden));
}
