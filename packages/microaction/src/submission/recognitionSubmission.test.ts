import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unzip, zip } from '../annotation/zip.ts';
import { readScores } from '../evaluation/recognition/readScores.ts';
import type { ScoreTable } from '../evaluation/recognition/scores.ts';
import { microActions52 } from '../taxonomy/microActions52.ts';
import { readRecognitionSubmission, recognitionSubmission } from './recognitionSubmission.ts';

const files = ['test0000.mp4', 'test0001.mp4'];
const bytesOf = (text: string) => new TextEncoder().encode(text);
/** Scores that fall from the given class on: 50, 51, 0, 1 ... */
const falling = (...first: number[]): ScoreTable => ({
  kind: 'table',
  clips: first.length,
  actions: 52,
  values: Float64Array.from(
    first.flatMap((best) => Array.from({ length: 52 }, (_, c) => 1 / (1 + ((c - best + 52) % 52)))),
  ),
});

describe('recognitionSubmission', () => {
  it('writes the columns of 2025, five actions and the part of each', () => {
    const { table } = recognitionSubmission(files, falling(9, 50), microActions52);
    expect(table).toBe(
      'vid,action_pred_1,action_pred_2,action_pred_3,action_pred_4,action_pred_5,' +
        'body_pred_1,body_pred_2,body_pred_3,body_pred_4,body_pred_5\r\n' +
        'test0000.mp4,9,10,11,12,13,1,1,2,2,2\r\ntest0001.mp4,50,51,0,1,2,6,6,0,0,0\r\n',
    );
  });

  it('writes the columns of 2024, the best body part and the best action', () => {
    const { table } = recognitionSubmission(files, falling(9, 50), microActions52, { year: 2024 });
    expect(table).toBe('id,pred_label_1,pred_label_2\r\ntest0000.mp4,1,9\r\ntest0001.mp4,6,50\r\n');
  });

  it('puts prediction.csv alone into the zip, without a folder, the same bytes each time', () => {
    const submission = recognitionSubmission(files, falling(9, 50), microActions52);
    expect([...unzip(submission.zip, 'a.zip')]).toEqual([['prediction.csv', bytesOf(submission.table)]]);
    expect(recognitionSubmission(files, falling(9, 50), microActions52).zip).toEqual(submission.zip);
  });

  it('is read back as it was, in the order of the list, and says the same when handed in again', () => {
    const some = fc.array(fc.nat(51), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(some, fc.constantFrom(2024 as const, 2025 as const), (first, year) => {
        const names = first.map((_, i) => `clip, "${i}".mp4`);
        const scores: ScoreTable = { ...falling(...first.toReversed()), files: names.toReversed() };
        const submission = recognitionSubmission(names, scores, microActions52, { year });
        for (const bytes of [submission.zip, bytesOf(submission.table)]) {
          const back = readRecognitionSubmission(bytes, 'back', microActions52);
          expect(back.year).toBe(year);
          expect(back.rankings.files).toEqual(names);
          expect(back.rankings.actions.map(([best]) => best)).toEqual(first);
          expect(recognitionSubmission(names, back.rankings, microActions52, { year })).toEqual(submission);
        }
      }),
      { seed: 21, numRuns: 40 },
    );
  });

  it('refuses what the server would: clips twice, missing or unknown, names without an ending, no numbers', () => {
    const submit = (list: string[], scores: ScoreTable) => () => recognitionSubmission(list, scores, microActions52);
    expect(submit(['a.mp4', 'a.mp4', 'b'], falling(1, 2, 3))).toThrow(
      'The list of clips has 2 problems:\n  clip "a.mp4": it occurs twice\n  clip "b": expected the name of a file with its ending',
    );
    expect(submit([], falling())).toThrow('it is empty');
    expect(submit(files, { ...falling(1, 2), files: ['test0000.mp4', 'other.mp4'] })).toThrow(
      'clip "test0001.mp4": it is in the list and has no scores',
    );
    expect(submit(['test0000.mp4'], { ...falling(1, 2), files })).toThrow(
      'clip "test0001.mp4": it has scores and is not in the list',
    );
    const infinite = falling(1, 2);
    infinite.values[60] = Number.NEGATIVE_INFINITY;
    expect(submit(files, infinite)).toThrow('clip "test0001.mp4", turning head: found -Infinity');
    const of2024 = recognitionSubmission(files, falling(1, 2), microActions52, { year: 2024 });
    const { rankings } = readRecognitionSubmission(of2024.zip, 'a.zip', microActions52);
    expect(() => recognitionSubmission(files, rankings, microActions52)).toThrow(
      'clip "test0000.mp4": found 1 ranked, expected 5 for the columns of 2025',
    );
  });
});

describe('readRecognitionSubmission', () => {
  const read = (table: string) => () => readRecognitionSubmission(bytesOf(table), 'prediction.csv', microActions52);

  it('tells all that is wrong with a table', () => {
    expect(read('id,pred_label_1,pred_label_2\na.mp4,7,52\n,0,-1\na.mp4,x,\n')).toThrow(
      [
        'prediction.csv has 7 problems:',
        'line 2, pred_label_2: found "52", expected an id of the taxonomy micro-actions-52',
        'line 2, pred_label_1: found "7", expected a body part, 0 to 6',
        'line 3, id: found nothing, expected the name of a clip',
        'line 3, pred_label_2: found "-1", expected an id of the taxonomy micro-actions-52',
        'line 4, id: "a.mp4" is on line 2 too',
        'line 4, pred_label_2: found "", expected an id of the taxonomy micro-actions-52',
        'line 4, pred_label_1: found "x", expected a body part, 0 to 6',
      ].join('\n  '),
    );
    const header = `vid,${[1, 2, 3, 4, 5].map((i) => `action_pred_${i},body_pred_${i}`).join()}`;
    expect(read(`${header}\na.mp4,9,1,9,1,8,1,7,1,6,1\n`)).toThrow(
      'found the actions 9, 9, 8, 7, 6, expected each once',
    );
    expect(read('name,label\n')).toThrow(
      'found the columns "name,label", expected id,pred_label_1,pred_label_2 or vid',
    );
    expect(read('')).toThrow('prediction.csv is empty');
  });

  it('wants prediction.csv alone, in no folder', () => {
    const table = bytesOf('id,pred_label_1,pred_label_2\n');
    for (const name of ['submission/prediction.csv', 'results.csv']) {
      expect(() => readRecognitionSubmission(zip(new Map([[name, table]])), 'a.zip', microActions52)).toThrow(
        `a.zip: found "${name}", expected prediction.csv alone and in no folder`,
      );
    }
    const crowded = zip(
      new Map([
        ['prediction.csv', table],
        ['__MACOSX/._prediction.csv', table],
      ]),
    );
    expect(() => readRecognitionSubmission(crowded, 'a.zip', microActions52)).toThrow('expected prediction.csv alone');
  });
});

// The authors' own scores and the submission that their script made of them; the READMEs beside them say more.
const golden = new URL('../../../../../shared/golden/', import.meta.url);

describe.skipIf(!existsSync(golden))('the official submission of MANet (skipped without shared/golden)', () => {
  const read = (path: string) => readFileSync(new URL(path, golden));
  const testFiles = (count: number) => Array.from({ length: count }, (_, i) => `test${String(i).padStart(4, '0')}.mp4`);

  it('is reproduced to the byte from the scores of all 5,586 clips', () => {
    const scores = readScores(read('metrics/recognition/manet_test.scores.npy'), 'manet_test.scores.npy');
    const { table } = recognitionSubmission(testFiles(5586), scores, microActions52);
    expect(table === read('metrics/recognition/manet_test.prediction.csv').toString()).toBe(true);
  });

  it('is reproduced from the first 400 clips of mar_submission', () => {
    const tensors = read('recognition/mar_submission/inputs.safetensors');
    const start = 8 + Number(tensors.readBigUInt64LE(0));
    const values = new Float32Array(Uint8Array.from(tensors.subarray(start, start + 400 * 52 * 4)).buffer);
    const scores: ScoreTable = { kind: 'table', clips: 400, actions: 52, values };
    const { table } = recognitionSubmission(testFiles(400), scores, microActions52);
    expect(table === read('recognition/mar_submission/prediction_first400.csv').toString()).toBe(true);
  });
});
