import { numbersOf, type TensorData } from 'onnxgrad';
import { Initializer } from 'onnxgrad/nn';
import { UserError } from '../../errors.ts';

/** The vectors that MANet's embedding is taught, made of a text file of word vectors. */
export interface LabelVectors {
  /** [labels, length], float32: the mean of the vectors of a label's words. */
  readonly vectors: TensorData;
  /** Words of labels that the file does not have, and that the means are without. */
  readonly unknown: readonly string[];
}

/**
 * Vectors of labels out of vectors of words in GloVe's text format, `WORD NUMBER NUMBER ...` a line (Pennington et al.
 * 2014; a first line with the numbers of words and dimensions, as of word2vec and fastText, is passed over). The first line of a
 * word counts. Reading ends when all words are found.
 *
 * @param name - of the file, for messages
 * @throws UserError `bad-file` for a line that is none of these, `unknown-words` where a label has no word in the file
 */
export async function labelVectors(
  lines: AsyncIterable<string> | Iterable<string>,
  labels: readonly string[],
  name = 'the word vectors',
): Promise<LabelVectors> {
  const wanted = new Set(labels.flatMap(wordsOf));
  const found = new Map<string, Float32Array>();
  let length: number | undefined;
  let number = 0;
  for await (const line of lines) {
    number += 1;
    const word = line.slice(0, Math.max(0, line.indexOf(' ')));
    if (number === 1 && /^\d+ \d+\s*$/.test(line)) continue;
    if (length !== undefined && (!wanted.has(word) || found.has(word))) continue;
    const values = Float32Array.from(line.slice(word.length).trim().split(' '), Number);
    length ??= values.length;
    // Some files have words of several parts, such as e-mail addresses: their lines are longer, and not meant.
    if (values.length > length && wanted.has(word)) continue;
    if (word === '' || values.length !== length || values.some(Number.isNaN)) {
      throw new UserError(
        'bad-file',
        `${name}: line ${number} is ${shortened(line)}; expected a word and ${length > 1 ? length : 'its'} numbers, ` +
          'divided by single blanks, as in the text files of GloVe',
      );
    }
    if (wanted.has(word)) found.set(word, values);
    if (found.size === wanted.size) break;
  }
  const without = labels.filter((label) => !wordsOf(label).some((word) => found.has(word)));
  if (length === undefined || without.length > 0) {
    throw new UserError(
      'unknown-words',
      `${name}: ${number} lines, and no word of ${without.length} of ${labels.length} labels among them ` +
        `(${without.slice(0, 3).join(', ')}); expected vectors of English words in small letters`,
    );
  }
  const known = (label: string) => wordsOf(label).flatMap((word) => found.get(word) ?? []);
  return {
    vectors: rows(labels.map((label) => meanOf(known(label)))),
    unknown: [...wanted].filter((word) => !found.has(word)),
  };
}

/**
 * A substitute for real vectors where there are none: each word is a vector drawn by its letters alone, about as long as
 * GloVe's, and a label the mean of its words. Labels that share words then lie close, such as `touching nose` and `touching
 * ears`; that `scratching` and `rubbing` mean alike, it does not know.
 *
 * @returns [labels, length], float32; the same labels give the same numbers
 */
export function substituteLabelVectors(labels: readonly string[], length = 300): TensorData {
  const vectorOf = (word: string) => {
    const { data } = new Initializer(hashOf(word)).draw([length], { kind: 'normal', std: gloveDeviation });
    return data as Float32Array;
  };
  return rows(labels.map((label) => meanOf(wordsOf(label).map(vectorOf))));
}

/**
 * The vectors of labels as a file has them: its only matrix of as many rows as there are classes.
 *
 * @throws UserError `bad-file` where there is none, or several
 */
export function storedLabelVectors(
  tensors: ReadonlyMap<string, TensorData>,
  classes: number,
  name = 'the word vectors',
): TensorData {
  const matrices = [...tensors].filter(([, { shape }]) => shape.length === 2 && shape[0] === classes);
  if (matrices.length === 1) {
    const [[, matrix]] = matrices;
    return { dtype: 'float32', shape: matrix.shape, data: Float32Array.from(numbersOf(matrix)) };
  }
  const held = [...tensors].slice(0, 4).map(([key, { shape }]) => `${key || 'an array'} [${shape.join(', ')}]`);
  throw new UserError(
    'bad-file',
    `${name}: it holds ${held.join(', ') || 'nothing'}; expected one matrix [${classes}, length], a row for each class`,
  );
}

// ---- below: internals ----

/** The deviation of the numbers in GloVe's vectors of 300 dimensions; a word of them is about 6.6 long. */
const gloveDeviation = 0.38;

/** A label's words but for those that join others. */
function wordsOf(label: string): string[] {
  const words = label.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return words.filter((word) => word !== '' && word !== 'or' && word !== 'and');
}

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (const [i, value] of vector.entries()) sum[i] += value / vectors.length;
  return sum;
}

function rows(vectors: readonly Float32Array[]): TensorData {
  const length = vectors[0]?.length ?? 0;
  const data = new Float32Array(vectors.length * length);
  for (const [row, vector] of vectors.entries()) data.set(vector, row * length);
  return { dtype: 'float32', shape: [vectors.length, length], data };
}

/** FNV-1a (Fowler, Noll and Vo). */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(word)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

const shortened = (line: string): string => JSON.stringify(line.length > 40 ? `${line.slice(0, 40)}…` : line);
