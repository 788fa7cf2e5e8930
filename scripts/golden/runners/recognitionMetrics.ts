import { numbersOf, type TensorData } from 'onnxgrad';
import { evaluateRecognition } from '../../../packages/microaction/src/evaluation/recognition/index.ts';
import { predictionsFor } from '../../../packages/microaction/src/evaluation/recognition/predictions.ts';
import type { ScoreTable } from '../../../packages/microaction/src/evaluation/recognition/scores.ts';
import { microActions52 } from '../../../packages/microaction/src/taxonomy/microActions52.ts';
import type { Fields } from '../fields.ts';
import { type Runner, tensorIn } from './runner.ts';

/** Scores of MA-52 to the five best actions and body parts of each clip, and the measures of the challenge. */
export const recognitionMetrics: Runner = {
  recognises: (json) => Array.isArray(json.raw('metric_cases')),
  run: async ({ json, inputs, outputs }) => {
    const { shape, ...table } = tensorIn(inputs, 'scores');
    const values = Float64Array.from(numbersOf({ shape, ...table }));
    const [clips, actions] = shape;
    const scores: ScoreTable = { kind: 'table', clips, actions, values };
    const ranked = predictionsFor(filesOf(clips), scores, microActions52);
    const computed = new Map<string, TensorData>([
      ['action_top5', rowsTensor(ranked.actions)],
      ['body_of_top5', rowsTensor(ranked.bodyParts)],
    ]);
    const expected = new Map(outputs);
    for (const [position, metrics] of json.each('metric_cases').entries()) {
      const found = measured(metrics, { ...scores, clips: metrics.number('n') });
      for (const name of metrics.names.filter((field) => !['n', 'labels', 'pred'].includes(field))) {
        expected.set(`metrics.${position}.${name}`, oneNumber(metrics.number(name)));
        if (name in found) computed.set(`metrics.${position}.${name}`, oneNumber(found[name]));
      }
    }
    return { computed, expected, tolerance: json.raw('tolerance') ?? '1e-12' };
  },
};

// ---- below: internals ----

function measured(metrics: Fields, scores: ScoreTable): Record<string, number> {
  const files = filesOf(scores.clips);
  const labels = metrics.numbers('labels').map((label, i) => ({
    file: files[i],
    action: microActions52.actions[label].name,
  }));
  const values = scores.values.subarray(0, scores.clips * scores.actions);
  const { action, body, f1Mean } = evaluateRecognition({ clips: labels }, { ...scores, values }, microActions52);
  const present = Object.keys(action.perClass).length;
  return {
    action_f1_macro: action.f1Macro,
    action_f1_micro: action.f1Micro,
    body_f1_macro: body.f1Macro,
    body_f1_micro: body.f1Micro,
    f1_mean: f1Mean,
    action_top1: action.top1,
    body_top1: body.top1,
    action_top5: action.top5 ?? Number.NaN,
    classes_present: present,
    action_f1_macro_over_all_52: (action.f1Macro * present) / microActions52.actions.length,
  };
}

const filesOf = (count: number): string[] => Array.from({ length: count }, (_, i) => `${i}.mp4`);

const oneNumber = (value: number): TensorData => ({ dtype: 'float64', shape: [], data: Float64Array.of(value) });

const rowsTensor = (rows: readonly (readonly number[])[]): TensorData => ({
  dtype: 'int32',
  shape: [rows.length, rows[0]?.length ?? 0],
  data: Int32Array.from(rows.flat()),
});
