import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { numbersOf, type TensorData } from 'onnxgrad';
import { writeNpy } from 'onnxgrad/weights';
import { afterAll, describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { labelVectors, substituteLabelVectors } from './wordVectors.ts';
import { readLabelVectors } from './wordVectorsNode.ts';

const labels = ['touching nose', 'touching or rubbing ears', 'nodding'];
const lines = ['the 9 9 9', 'touching 1 2 3', 'nose 3 2 1', 'rubbing 4 4 4', 'nodding 0 0 6', 'ears 1 0 2', 'x y'];

describe('vectors of labels', () => {
  it('are the means of the vectors of their words', async () => {
    const { vectors, unknown } = await labelVectors(lines, labels);
    expect(vectors).toEqual({ dtype: 'float32', shape: [3, 3], data: Float32Array.of(2, 2, 2, 2, 2, 3, 0, 0, 6) });
    expect(unknown).toEqual([]);
  });

  it('tell which words the file does not have, and pass over headings and words of several parts', async () => {
    const some = ['400000 3', 'touching me 7 7 7', ...lines.slice(1, 3), 'touching 5 5 5', ...lines.slice(4, 5)];
    const { vectors, unknown } = await labelVectors(['the 9 9 9', ...some.slice(1)], labels);
    expect(unknown).toEqual(['rubbing', 'ears']);
    expect([...numbersOf(vectors)]).toEqual([2, 2, 2, 1, 2, 3, 0, 0, 6]);
    expect((await labelVectors([some[0], 'the 9 9 9', ...some.slice(1)], labels)).vectors).toEqual(vectors);
  });

  it.each([
    [['touching 1 2 3', 'nose 1 2'], 'GLOVE: line 2 is "nose 1 2"; expected a word and 3 numbers'],
    [['touching 1 2 3', 'nose 1 b 2'], 'GLOVE: line 2 is "nose 1 b 2"; expected a word and 3 numbers'],
    [['Nothing of the kind'], 'GLOVE: line 1 is "Nothing of the kind"; expected a word and 3 numbers'],
    [lines.slice(0, 3), 'GLOVE: 3 lines, and no word of 1 of 3 labels among them (nodding); expected'],
    [[], 'GLOVE: 0 lines, and no word of 3 of 3 labels among them (touching nose'],
  ])('refuse %j', async (given, message) => {
    await expect(labelVectors(given, labels, 'GLOVE')).rejects.toThrow(message);
  });
});

describe('substitutes for vectors of labels', () => {
  const names = microActions52.actions.map(({ name }) => name);
  const vectors = substituteLabelVectors(names);
  const cosine = (a: string, b: string) => cosineOf(vectors, names.indexOf(a), names.indexOf(b));

  it('are the same each time, and differ between labels', () => {
    expect(vectors.shape).toEqual([52, 300]);
    expect(substituteLabelVectors(names)).toEqual(vectors);
    expect(Math.max(...names.slice(1).map((name) => cosine(name, names[0])))).toBeLessThan(0.8);
  });

  it('lie close where labels share words, and apart where not', () => {
    expect(cosine('touching nose', 'touching ears')).toBeGreaterThan(0.35);
    expect(Math.abs(cosine('touching nose', 'crossing legs'))).toBeLessThan(0.2);
  });

  it('are about as long as those of the authors', () => {
    for (const row of names.keys()) expect(Math.sqrt(dot(vectors, row, row))).toBeGreaterThan(2.5);
    for (const row of names.keys()) expect(Math.sqrt(dot(vectors, row, row))).toBeLessThan(8);
  });
});

describe('files of vectors', () => {
  const folder = mkdtempSync(join(tmpdir(), 'word-vectors-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  it('are matrices or texts', async () => {
    const { vectors } = await readLabelVectors(file('glove.txt', lines.join('\r\n')), labels);
    const again = await readLabelVectors(file('vectors.npy', writeNpy(vectors)), labels);
    expect(numbersOf(again.vectors)).toEqual(numbersOf(vectors));
    expect(again.vectors.shape).toEqual([3, 3]);
  });

  it('are refused by name', async () => {
    const matrix = file('two.npy', writeNpy({ dtype: 'float32', shape: [2, 3], data: new Float32Array(6) }));
    await expect(readLabelVectors(matrix, labels)).rejects.toThrow(
      /two\.npy: it holds .*\[2, 3\]; expected one matrix \[3/,
    );
    await expect(readLabelVectors(file('bad.npy', 'no'), labels)).rejects.toThrow('bad.npy');
    await expect(readLabelVectors(join(folder, 'none.txt'), labels)).rejects.toThrow(/none\.txt/);
    await expect(readLabelVectors(join(folder, 'none.npy'), labels)).rejects.toThrow(/none\.npy/);
  });
});

const official = new URL('../../../../../../shared/golden/recognition/manet_word_vectors/', import.meta.url);

it.skipIf(!existsSync(official))("MANet's own file is read as it is", async () => {
  const path = fileURLToPath(new URL('1214_new_mean_Vectors.npy', official));
  const { vectors } = await readLabelVectors(path, Array(52).fill('x'));
  expect(vectors.shape).toEqual([52, 300]);
  expect(Math.sqrt(dot(vectors, 0, 0))).toBeCloseTo(4.812265, 5);
});

// ---- below: internals ----

function dot(matrix: TensorData, first: number, second: number): number {
  const [, length] = matrix.shape;
  const row = (index: number) => numbersOf(matrix).subarray(index * length, (index + 1) * length);
  const other = row(second);
  return row(first).reduce((sum, value, i) => sum + value * other[i], 0);
}

const cosineOf = (matrix: TensorData, a: number, b: number): number =>
  dot(matrix, a, b) / Math.sqrt(dot(matrix, a, a) * dot(matrix, b, b));
