import fc from 'fast-check';
import { writeNpy } from 'onnxgrad/weights';
import { describe, expect, it } from 'vitest';
import { zip } from '../../annotation/zip.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { parseTaxonomy } from '../../taxonomy/taxonomyFile.ts';
import { readScores } from './readScores.ts';
import type { ScoreTable } from './scores.ts';

const three = parseTaxonomy(
  {
    name: 'three',
    bodyParts: [{ code: 'A', name: 'all' }],
    actions: ['nod', 'wave', 'tap'].map((name, id) => ({ id, code: `A${id}`, name, bodyPart: 'A' })),
  },
  'three',
);
const bytesOf = (text: string) => new TextEncoder().encode(text);
const read = (text: string, name = 'scores') => readScores(bytesOf(text), name, three);
const values = Float64Array.of(0.5, -1, 2e-3, 4, 5, 6);
const plain = { kind: 'table', clips: 2, actions: 3, values };
const named = { ...plain, files: ['a.mp4', 'b.mp4'] };

describe('readScores', () => {
  it.each([
    ['CSV without a header', '0.5,-1,2e-3\n4,5,6\n', plain],
    ['CSV with names first', 'a.mp4,0.5,-1,2e-3\r\nb.mp4,4,5,6', named],
    ['CSV with a header of names, in any order', 'tap,Video,nod,wave\n2e-3,a.mp4,0.5,-1\n6,b.mp4,4,5\n', named],
    ['CSV with a header of ids', 'vid;score_0;score_1;score_2\na.mp4;0.5;-1;2e-3\nb.mp4;4;5;6\n', named],
    ['CSV with a header of codes and no names', 'A2,A1,A0\n2e-3,-1,0.5\n6,5,4\n', plain],
    ['JSON rows', '[[0.5, -1, 2e-3], [4, 5, 6]]', plain],
    ['JSON by name', '{"a.mp4": [0.5, -1, 2e-3], "b.mp4": [4, 5, 6]}', named],
    ['JSON with names beside', '{"videos": ["a.mp4", "b.mp4"], "scores": [[0.5, -1, 2e-3], [4, 5, 6]]}', named],
  ])('reads %s', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
    expect(readScores(zip(new Map([['scores', bytesOf(text)]])), 'scores.zip', three)).toEqual(expected);
  });

  it('reads .npy of single and double precision as they are', () => {
    for (const [dtype, data] of [['float64', values] as const, ['float32', Float32Array.from(values)] as const]) {
      expect(readScores(writeNpy({ dtype, shape: [2, 3], data }), 'a.npy', three)).toEqual({ ...plain, values: data });
    }
  });

  it('widens .npy of half precision', () => {
    const data = Uint16Array.of(0x3800, 0xbc00, 0x0001, 0x4400, 0x4500, 0x4600);
    const read = readScores(writeNpy({ dtype: 'float16', shape: [2, 3], data }), 'a.npy', three) as ScoreTable;
    expect([...read.values]).toEqual([0.5, -1, 2 ** -24, 4, 5, 6]);
  });

  it("reads the challenge's prediction.csv, where there are no scores", () => {
    expect(read('id,pred_label_1,pred_label_2\na.mp4,0,2\n')).toEqual({
      kind: 'rankings',
      files: ['a.mp4'],
      actions: [[2]],
      bodyParts: [[0]],
    });
  });

  it('keeps every digit of a CSV', () => {
    const score = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(score, score, score), { minLength: 1, maxLength: 20 }), (rows) => {
        const { values } = read(rows.map((row) => row.join()).join('\n')) as ScoreTable;
        expect([...values]).toEqual(rows.flat().map((value) => value + 0));
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  it.each([
    [
      'no numbers',
      'a,1,2,x\nb,,NaN,inf\n',
      'scores has 4 problems:\n  line 1, tap: found "x", expected a finite number',
    ],
    ['rows of another length', '1,2,3\n1,2\n1,2,3,4\n', 'line 2: found 2 cells, expected 3\n  line 3: found 4 cells'],
    ['unknown columns', 'vid,nod,wave,clap\na,1,2,3\n', 'column 4: found "clap", expected an action, its code or id'],
    [
      'columns twice',
      'vid,nod,wave,0\na,1,2,3\n',
      'column 4: nod has a column already\n  the header: found no column for tap',
    ],
    ['clips without a name', 'vid,0,1,2\n,1,2,3\n', 'line 2: the clip has no name'],
    ['JSON of another kind', '{"a": 5, "b": [1, 2]}', 'clip "a": found 5, expected a list of scores'],
    ['JSON rows of two lengths', '[[1], [1, 2]]', 'row 2: found 2 scores, and 1 in the first row'],
    ['JSON without numbers', '[[1, null], ["2", 1]]', 'row 1, score 2: found null, expected a finite number'],
    [
      'JSON with names that do not fit',
      '{"videos": ["a"], "scores": [[1], [2]]}',
      'found 1 names for 2 rows of scores',
    ],
    ['JSON with a name that is none', '{"videos": [7], "scores": [[1]]}', 'videos[0]: found 7, expected a name'],
    ['JSON that is none', '[[1, 2', 'scores is not valid JSON'],
    ['nothing', '', 'scores is empty; expected a row for each clip'],
    ['a header alone', 'vid,0,1,2\n', 'scores: found no clip below its header'],
  ])('refuses %s', (_, text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('refuses arrays of another kind, bytes that are no text, and zips of several files', () => {
    const npy = (dtype: 'float32' | 'int32', shape: number[]) => {
      const data = dtype === 'float32' ? new Float32Array(6) : new Int32Array(6);
      return () => readScores(writeNpy({ dtype, shape, data }), 'a.npy', three);
    };
    expect(npy('float32', [6])).toThrow('a.npy: found shape (6), expected (clips, actions)');
    expect(npy('int32', [2, 3])).toThrow('a.npy: found elements of type i4, expected scores as float32 or float64');
    expect(() => readScores(Uint8Array.of(0x80, 4, 0x95, 0xff), 'test_result.pickle')).toThrow(
      'test_result.pickle: a pickle, which runs code when it is read; load it in Python and save it with numpy.save',
    );
    expect(() => readScores(Uint8Array.of(0x41, 0xff), 'scores.csv')).toThrow('scores.csv: not valid UTF-8');
    const two = new Map(['a.npy', 'b.npy'].map((name) => [name, bytesOf('1')]));
    expect(() => readScores(zip(two), 'a.zip')).toThrow('a.zip: found "a.npy, b.npy", expected a single file');
    const nested = zip(new Map([['b.zip', zip(two)]]));
    expect(() => readScores(nested, 'a.zip')).toThrow('a.zip: found a zip in it; unzip it first');
  });

  it('holds against any damage: an error that says so, or finite scores', () => {
    const wholes = ['vid,0,1,2\na,1,2,3\n"b",4,5,6\n', '{"a":[1,2,3],"b":[4,5,6]}', '1,2,3\n4,5,6\n'].map(bytesOf);
    wholes.push(zip(new Map([['a.csv', wholes[0]]])));
    wholes.push(writeNpy({ dtype: 'float32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }));
    fc.assert(
      fc.property(fc.constantFrom(...wholes), fc.nat(200), fc.nat(255), fc.nat(300), (whole, at, byte, length) => {
        const damaged = whole.slice(0, length);
        if (at < damaged.length) damaged[at] = byte;
        try {
          const scores = readScores(damaged, 'damaged', three);
          if (scores.kind === 'table') expect(scores.values).toHaveLength(scores.clips * scores.actions);
        } catch (error) {
          expect(error).toMatchObject({ name: 'UserError' });
        }
      }),
      { seed: 8, numRuns: 1500 },
    );
  });

  it('takes the 52 micro-actions unless told', () => {
    const row = Array.from({ length: 52 }, (_, i) => i).join();
    expect(readScores(bytesOf(`a.mp4,${row}`), 'scores.csv')).toMatchObject({ actions: 52, files: ['a.mp4'] });
    expect(microActions52.actions).toHaveLength(52);
  });
});
