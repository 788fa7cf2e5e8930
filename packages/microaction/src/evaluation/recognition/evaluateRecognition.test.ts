import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecognitionList } from '../../annotation/recognitionList.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { evaluateRecognition, type RecognitionEvaluation } from './evaluateRecognition.ts';
import { predictionsFor } from './predictions.ts';
import { readScores } from './readScores.ts';
import type { Rankings, ScoreTable } from './scores.ts';

const { bodyParts } = microActions52;
const name = (id: number) => microActions52.get(id).name;
const list = (labels: readonly number[], files = labels.map((_, i) => `${i}.mp4`)): RecognitionList => ({
  clips: labels.map((label, i) => ({ file: files[i], action: name(label) })),
});
/** One clip for each entry: the actions it ranks first, best first; the others share a lower score. */
const table = (rankings: readonly (readonly number[])[]): ScoreTable => {
  const values = new Float32Array(rankings.length * 52);
  for (const [clip, ranked] of rankings.entries()) {
    for (const [rank, action] of ranked.entries()) values[clip * 52 + action] = 10 - rank;
  }
  return { kind: 'table', clips: rankings.length, actions: 52, values };
};

describe('evaluateRecognition', () => {
  it('counts at both levels, over the classes that occur', () => {
    // nodding twice (once taken for shaking head, of the same part), waving once (taken for shaking body).
    const result = evaluateRecognition(list([9, 9, 19]), table([[9], [10, 9], [0, 1, 2, 3, 4, 19]]), microActions52);
    expect(result.action).toMatchObject({ top1: 1 / 3, top5: 2 / 3, f1Micro: 1 / 3, meanClassAccuracy: 0.5 / 4 });
    expect(result.action.f1Macro).toBeCloseTo(2 / 3 / 4, 15);
    expect(result.body).toMatchObject({ top1: 2 / 3, f1Macro: 1 / 3, f1Micro: 2 / 3 });
    expect(result.f1Mean).toBeCloseTo((1 / 3 + 1 / 6 + 2 / 3 + 1 / 3) / 4, 15);
    expect(result.action.perClass).toEqual({
      'shaking body': { clips: 0, predicted: 1, correct: 0, precision: 0, recall: 0, f1: 0 },
      nodding: { clips: 2, predicted: 1, correct: 1, precision: 1, recall: 0.5, f1: 2 / 3 },
      'shaking head': { clips: 0, predicted: 1, correct: 0, precision: 0, recall: 0, f1: 0 },
      waving: { clips: 1, predicted: 0, correct: 0, precision: 0, recall: 0, f1: 0 },
    });
    expect(result.body.classes).toEqual(bodyParts.map((part) => part.name));
    expect(result.body.confusion[1]).toEqual([0, 2, 0, 0, 0, 0, 0]);
    expect(result.body.confusion[2]).toEqual([1, 0, 0, 0, 0, 0, 0]);
    expect(result.action.confusion[9][10]).toBe(1);
  });

  it('takes rankings as they are, body parts too, and has no top 5 where fewer are ranked', () => {
    const rankings: Rankings = { kind: 'rankings', files: ['1', '0.mp4'], actions: [[10], [9]], bodyParts: [[1], [3]] };
    const result = evaluateRecognition(list([9, 9]), rankings, microActions52);
    expect(result.action).toMatchObject({ top1: 0.5, top5: null });
    expect(result.body).toMatchObject({ top1: 0.5, top5: null });
  });

  it('gives equal scores the order that is asked for', () => {
    const equal: ScoreTable = { kind: 'table', clips: 1, actions: 52, values: new Float64Array(52) };
    const ranked = (ties: 'numpy' | 'stable') => predictionsFor(['a'], equal, microActions52, ties).actions[0];
    expect(ranked('stable')).toEqual([0, 1, 2, 3, 4]);
    expect(ranked('numpy')).not.toEqual(ranked('stable'));
  });

  it('finds clips by name, whatever their order, and tells how many have no label', () => {
    const scores: ScoreTable = { ...table([[7], [9], [0]]), files: ['x.mp4', 'b', 'a.mp4'] };
    const result = evaluateRecognition(list([0, 9], ['a.mp4', 'b.mp4']), scores, microActions52);
    expect(result).toMatchObject({ clips: 2, unlisted: 1, action: { top1: 1 } });
  });

  it('refuses scores that do not fit, naming what is wrong', () => {
    const labels = list([9, 8]);
    const evaluate = (scores: ScoreTable) => () => evaluateRecognition(labels, scores, microActions52);
    expect(evaluate(table([[9]]))).toThrow('of 1 clips without names, the list has 2');
    expect(evaluate({ kind: 'table', clips: 2, actions: 7, values: new Float32Array(14) })).toThrow(
      'have 7 columns; the taxonomy micro-actions-52 has 52 actions',
    );
    expect(evaluate({ ...table([[9], [8]]), files: ['0.mp4', '0'] })).toThrow(
      'The scores has 2 problems:\n  clip "0": it occurs twice\n  clip "1.mp4": it is in the list and has no scores',
    );
    const holed = table([[9], [8]]);
    holed.values[52 + 3] = Number.NaN;
    expect(evaluate(holed)).toThrow('clip "1.mp4", turning around: found NaN, expected a finite number');
    expect(() => evaluateRecognition({ clips: [] }, table([]), microActions52)).toThrow('list of labels is empty');
  });

  it('does not depend on the order of the clips, and a perfect recogniser has 1 everywhere', () => {
    const clips = fc.array(fc.tuple(fc.nat(51), fc.nat(51)), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(clips, (pairs) => {
        const evaluate = (some: [number, number][]) =>
          evaluateRecognition(
            list(some.map(([label]) => label)),
            table(some.map(([, best]) => [best])),
            microActions52,
          );
        const forth = evaluate(pairs);
        const back = evaluate(pairs.toReversed());
        expect(back.f1Mean).toBeCloseTo(forth.f1Mean, 12);
        expect(back.action.confusion).toEqual(forth.action.confusion);
        const counts = forth.action.confusion.flat().reduce((sum, count) => sum + count, 0);
        expect(counts).toBe(pairs.length);
        const perfect = evaluate(pairs.map(([label]) => [label, label]));
        expect(perfect).toMatchObject({ f1Mean: 1, body: { top1: 1 }, action: { top1: 1, meanClassAccuracy: 1 } });
      }),
      { seed: 11, numRuns: 100 },
    );
  });
});

// Outputs of the official code (VUT-HFUT/Micro-Action, scikit-learn 1.2.1); the README beside them says how.
const golden = new URL('../../../../../../shared/golden/metrics/recognition/', import.meta.url);
const present = existsSync(golden);

describe.skipIf(!present)('recognition metrics of the official code (skipped without shared/golden)', () => {
  const read = (file: string) => readFileSync(new URL(file, golden));
  const cases: GoldenCase[] = present ? JSON.parse(read('expected.json').toString()).cases : [];

  it.each(cases.filter(({ labels }) => labels))('agree to 1e-12 on $case', (golden) => {
    const { videos, labels } = JSON.parse(read(golden.labels as string).toString());
    const scores = readScores(read(golden.scores), golden.scores);
    const truth = list(labels, videos);
    const { expected } = golden;
    const result = evaluateRecognition(truth, scores, microActions52);
    expectClose(result, expected);
    expect(Object.keys(result.action.perClass)).toEqual(expected.classes_in_action_macro.map(name));
    expect(Object.keys(result.body.perClass)).toEqual(
      expected.classes_in_body_macro.map((part) => bodyParts[part].name),
    );
    expectAllClose(f1sOf(result.action), expected.f1_per_action_class);
    expectAllClose(f1sOf(result.body), expected.f1_per_body_class);
    const predictions = predictionsFor(videos, scores, microActions52);
    expect(predictions.actions).toEqual(expected.top5_action);
    expect(predictions.bodyParts).toEqual(expected.top5_body);
    const stable = expected.tie_order_variants?.lower_class_index_first;
    if (stable) expectClose(evaluateRecognition(truth, scores, microActions52, { ties: 'stable' }), stable);
  });

  it("agree with the authors' own log of MANet, and their submission says the same as their scores", () => {
    const real = cases.find((golden) => golden.case === 'manet_test') as GoldenCase;
    const scores = readScores(read(real.scores), real.scores);
    const submission = readScores(read(real.submission as string), real.submission as string) as Rankings;
    const predictions = predictionsFor(submission.files, scores, microActions52);
    expect(predictions.actions).toEqual(submission.actions);
    expect(predictions.bodyParts).toEqual(submission.bodyParts);
    const dummies = list(
      submission.files.map(() => 0),
      [...submission.files],
    );
    const result = evaluateRecognition(dummies, scores, microActions52);
    expectClose(result, real.recomputed_with_dummy_labels as GoldenNumbers);
    expect(result.f1Mean).toBeCloseTo(real.log_with_dummy_labels?.mean_f1 as number, 12);
    expect(evaluateRecognition(dummies, submission, microActions52).f1Mean).toBe(result.f1Mean);
  });
});

const submission = new URL('../../../../../../shared/golden/recognition/mar_submission/', import.meta.url);

describe.skipIf(!existsSync(submission))('mar_submission (skipped without shared/golden)', () => {
  it("agrees with the baseline's metric on both of its cases, and ranks and maps as its script does", () => {
    const read = (file: string) => readFileSync(new URL(file, submission));
    const values = Float32Array.from(tensor(read('inputs.safetensors'), 'scores'));
    const { metric_cases: cases } = JSON.parse(read('case.json').toString());
    expect(cases).toHaveLength(2);
    for (const { n, labels, pred, ...expected } of cases) {
      const scores: ScoreTable = { kind: 'table', clips: n, actions: 52, values: values.subarray(0, n * 52) };
      const { action, body, f1Mean } = evaluateRecognition(list(labels), scores, microActions52);
      const found = {
        action_f1_macro: action.f1Macro,
        action_f1_micro: action.f1Micro,
        body_f1_macro: body.f1Macro,
        body_f1_micro: body.f1Micro,
        f1_mean: f1Mean,
        action_top1: action.top1,
        body_top1: body.top1,
        action_top5: action.top5,
        classes_present: Object.keys(action.perClass).length,
        action_f1_macro_over_all_52: (action.f1Macro * Object.keys(action.perClass).length) / 52,
      };
      expect(Object.keys(found).toSorted()).toEqual(Object.keys(expected).toSorted());
      expectAllClose(
        Object.values(found) as number[],
        Object.keys(found).map((key) => expected[key]),
      );
      const files = labels.map((_: number, i: number) => `${i}`);
      const predictions = predictionsFor(files, scores, microActions52);
      expect(predictions.actions.map(([best]) => best)).toEqual(pred);
      const outputs = read('outputs.safetensors');
      expect(predictions.actions.flat()).toEqual(tensor(outputs, 'action_top5').slice(0, n * 5));
      expect(predictions.bodyParts.flat()).toEqual(tensor(outputs, 'body_of_top5').slice(0, n * 5));
    }
  });
});

/** The numbers of a tensor of float32 or int64 in a safetensors file. */
function tensor(file: Buffer, name: string): number[] {
  const start = 8 + Number(file.readBigUInt64LE(0));
  const { dtype, data_offsets: offsets } = JSON.parse(file.subarray(8, start).toString())[name];
  const bytes = Uint8Array.from(file.subarray(start + offsets[0], start + offsets[1])).buffer;
  return dtype === 'F32' ? [...new Float32Array(bytes)] : [...new BigInt64Array(bytes)].map(Number);
}

interface GoldenNumbers extends Record<string, unknown> {
  readonly mean_f1: number;
}

interface GoldenCase {
  readonly case: string;
  readonly scores: string;
  readonly labels?: string;
  readonly submission?: string;
  readonly expected: GoldenNumbers & {
    readonly classes_in_action_macro: number[];
    readonly classes_in_body_macro: number[];
    readonly f1_per_action_class: number[];
    readonly f1_per_body_class: number[];
    readonly top5_action: number[][];
    readonly top5_body: number[][];
    readonly tie_order_variants?: { readonly lower_class_index_first: GoldenNumbers };
  };
  readonly log_with_dummy_labels?: GoldenNumbers;
  readonly recomputed_with_dummy_labels?: GoldenNumbers;
}

const f1sOf = ({ perClass }: RecognitionEvaluation['action']) => Object.values(perClass).map(({ f1 }) => f1);

function expectAllClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of found.entries()) expect(Math.abs(value - expected[i])).toBeLessThan(1e-12);
}

function expectClose({ action, body, f1Mean }: RecognitionEvaluation, expected: GoldenNumbers): void {
  const found = {
    lv1_acc: body.top1,
    lv2_acc: action.top1,
    lv1_f1_micro: body.f1Micro,
    lv1_f1_macro: body.f1Macro,
    lv2_f1_micro: action.f1Micro,
    lv2_f1_macro: action.f1Macro,
    mean_f1: f1Mean,
    top1_acc: action.top1,
    top5_acc: action.top5,
    body_top1_acc: body.top1,
    body_top5_acc: body.top5,
    mean_class_accuracy: action.meanClassAccuracy,
  };
  for (const [key, value] of Object.entries(found)) {
    expect(Math.abs((value as number) - (expected[key] as number)), key).toBeLessThan(1e-12);
  }
}
