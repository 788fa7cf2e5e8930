import { numbersOf, type TensorData } from 'onnxgrad';
import {
  type DenseProposals,
  type PostProcessingOptions,
  type Proposals,
  postProcess,
  suppressWindows,
  windowCandidates,
} from '../../../packages/microaction/src/inference/suppression/index.ts';
import type { Tensors } from '../compare.ts';
import type { Fields } from '../fields.ts';
import type { GoldenCase } from '../goldenCase.ts';
import { type Results, tensorIn } from './runner.ts';
import { suppressionOptions } from './suppression.ts';

/**
 * The result lists of a case beside those it has: seconds, scores and classes of each video, after suppression and
 * before it. They are made of the case's own proposals and scores, so that rounding decides nothing: lists are equal, or
 * differ by a hundredth of a second or more.
 */
export function decoded({ json, outputs }: GoldenCase): Required<Pick<Results, 'computed' | 'expected'>> {
  const [computed, expected] = [new Map<string, TensorData>(), new Map<string, TensorData>()];
  if (!json.has('post_processing')) return { computed, expected };
  const settings = json.fields('post_processing');
  const windows = json.each('metas').map((meta, window) => ({
    video: meta.text('video_name'),
    dense: denseOf(outputs, window),
    options: optionsOf(meta, settings),
  }));
  for (const video of new Set(windows.map((window) => window.video))) {
    const own = windows.filter((window) => window.video === video);
    const candidates = own.map(({ dense, options }) => windowCandidates(dense, options));
    const found = settings.flag('sliding_window', false)
      ? [suppressWindows(candidates, own[0].options)]
      : own.map(({ dense, options }) => postProcess(dense, options));
    for (const [field, lists] of Object.entries({ results: found, results_before_nms: candidates })) {
      if (!json.has(field)) continue;
      const golden = json.fields(field).each(video);
      put(computed, `${field}.${video}`, lists.flatMap(rowsOf));
      put(expected, `${field}.${video}`, golden.map(rowOf));
    }
  }
  return { computed, expected };
}

// ---- below: internals ----

type Row = readonly [start: number, end: number, score: number, classId: number];

const rowsOf = ({ starts, ends, scores, classes }: Proposals<Float64Array>): Row[] =>
  Array.from(scores, (score, i) => [starts[i], ends[i], score, classes[i]]);

function rowOf(fields: Fields): Row {
  const [start, end] = fields.numbers('segment');
  return [start, end, fields.number('score'), Number(fields.text('label').replace('class_', ''))];
}

function put(tensors: Map<string, TensorData>, name: string, rows: readonly Row[]): void {
  for (const [column, part] of ['starts', 'ends', 'scores', 'classes'].entries()) {
    const data = Float64Array.from(rows, (row) => row[column]);
    tensors.set(`${name}.${part}`, { dtype: 'float64', shape: [rows.length], data });
  }
}

function denseOf(outputs: Tensors, window: number): DenseProposals {
  const scores = tensorIn(outputs, `eval.scores.${window}`);
  const single = (tensor: TensorData) => Float32Array.from(numbersOf(tensor));
  const segments = single(tensorIn(outputs, `eval.proposals.${window}`));
  return { segments, scores: single(scores), classes: scores.shape[1] };
}

function optionsOf(meta: Fields, settings: Fields): PostProcessingOptions {
  return {
    grid: {
      kind: 'strided',
      frameRate: meta.number('fps'),
      strideFrames: meta.number('snippet_stride'),
      offsetFrames: meta.number('offset_frames', 0),
      startFrame: meta.number('window_start_frame', 0),
    },
    durationSeconds: meta.number('duration'),
    minScore: settings.number('pre_nms_thresh', 0.001),
    maxCandidates: settings.number('pre_nms_topk', 2000),
    suppression: suppressionOptions(settings.fields('nms')),
  };
}
