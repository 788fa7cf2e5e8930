import { GraphError } from '../errors.ts';
import { requireFloat } from '../graph/shapes.ts';
import type { Tensor } from '../graph/tensor.ts';
import { shown } from '../graph/tensorData.ts';
import { multiply } from './elementwise.ts';
import { matmul } from './matmul.ts';
import { sum } from './reduce.ts';
import { reshape, slice, transpose } from './shape.ts';

/**
 * Sums of products by Einstein's convention, as in NumPy: `einsum('bqd,bkd->bqk', q, k)`. One letter an axis; letters
 * missing after the arrow are summed over, a letter twice in one operand takes its diagonal, `...` stands for any
 * axes (which broadcast, and must be in the result). Without an arrow, the letters that come once, in order of the
 * alphabet.
 *
 * Operands are joined from left to right by matrix products; give the pair that shrinks most first.
 */
export function einsum(formula: string, ...operands: readonly Tensor[]): Tensor {
  const { inputs, output } = parsed(formula, operands);
  const terms = inputs.map((labels, i) => withoutRepeats({ labels, tensor: operands[i] }));
  checkLengths(formula, terms);
  let result = terms[0];
  for (const [i, next] of terms.slice(1).entries()) {
    const later = new Set([...output, ...terms.slice(i + 2).flatMap(({ labels }) => labels)]);
    result = joined(result, next, later);
  }
  const { labels, tensor } = summed(result, new Set(output));
  return transpose(
    tensor,
    output.map((label) => labels.indexOf(label)),
  );
}

// ---- below: internals ----

/**
 * A tensor with a label for each of its axes: a letter, or `.1`, `.2` … for those of an ellipsis, counted from its end.
 */
interface Term {
  readonly labels: readonly string[];
  readonly tensor: Tensor;
}

function parsed(formula: string, operands: readonly Tensor[]): { inputs: string[][]; output: string[] } {
  const refuse = (problem: string): never => {
    throw new GraphError(`einsum: ${JSON.stringify(formula)} ${problem}`);
  };
  const [left, right, ...more] = formula.replaceAll(/\s/g, '').split('->');
  const sides = left.split(',');
  if (more.length > 0) refuse('has more than one arrow');
  for (const side of [...sides, right ?? '']) {
    if (!/^[A-Za-z]*(\.\.\.)?[A-Za-z]*$/.test(side))
      refuse(`holds ${JSON.stringify(side)}; expected letters and at most one ...`);
  }
  if (sides.length !== operands.length) refuse(`has ${sides.length} operands; got ${operands.length} tensors`);
  const inputs = sides.map((side, i) => {
    const { shape } = operands[i];
    requireFloat('einsum', `operand ${i + 1}`, operands[i]);
    const spare = shape.length - side.replace('...', '').length;
    if (spare < 0 || (spare > 0 && !side.includes('...'))) {
      refuse(`gives operand ${i + 1} ${JSON.stringify(side)}, which does not fit its shape ${shown(shape)}`);
    }
    return labelsOf(side, spare);
  });
  const all = inputs.flat();
  const widest = Math.max(0, ...all.filter(isEllipsis).map((label) => Number(label.slice(1))));
  const once = [...new Set(all)].filter((label) => !isEllipsis(label) && all.indexOf(label) === all.lastIndexOf(label));
  const output = labelsOf(right ?? `${widest > 0 ? '...' : ''}${once.sort().join('')}`, widest);
  for (const label of output) {
    if (!all.includes(label)) refuse(`has ${JSON.stringify(label)} in the result, but in no operand`);
  }
  if (new Set(output).size < output.length) refuse('has a letter twice in the result');
  if (widest > 0 && !output.some(isEllipsis))
    refuse('leaves ... out of the result; name the axes that are summed over');
  return { inputs, output };
}

const isEllipsis = (label: string): boolean => label.startsWith('.');

function labelsOf(side: string, spare: number): string[] {
  const ellipsis = Array.from({ length: spare }, (_, i) => `.${spare - i}`);
  const [before, after = ''] = side.split('...');
  return side.includes('...') ? [...before, ...ellipsis, ...after] : [...side];
}

/** One axis for each label: the diagonal of those that come twice. */
function withoutRepeats({ labels, tensor }: Term): Term {
  const second = labels.findIndex((label, axis) => labels.indexOf(label) < axis);
  if (second < 0) return { labels, tensor };
  const first = labels.indexOf(labels[second]);
  const [length, other] = [tensor.shape[first], tensor.shape[second]];
  if (length !== other) {
    throw new GraphError(
      `einsum: ${labels[second]} stands for lengths ${length} and ${other}; a diagonal needs equal ones`,
    );
  }
  const rest = [...labels.keys()].filter((axis) => axis !== first && axis !== second);
  const square = transpose(tensor, [...rest, first, second]);
  const flat = reshape(square, [...square.shape.slice(0, -2), length * length]);
  const diagonal = slice(flat, rest.length, 0, length * length, length + 1);
  return withoutRepeats({ labels: [...rest.map((axis) => labels[axis]), labels[second]], tensor: diagonal });
}

function checkLengths(formula: string, terms: readonly Term[]): void {
  const lengths = new Map<string, number>();
  for (const { labels, tensor } of terms) {
    for (const [axis, label] of labels.entries()) {
      const length = tensor.shape[axis];
      const known = lengths.get(label) ?? length;
      const isBroadcast = isEllipsis(label) && (known === 1 || length === 1);
      if (known !== length && !isBroadcast) {
        const what = isEllipsis(label) ? 'an axis of ...' : label;
        throw new GraphError(
          `einsum: in ${JSON.stringify(formula)}, ${what} stands for lengths ${known} and ${length}`,
        );
      }
      lengths.set(label, Math.max(known, length));
    }
  }
}

/** The product of two, summed over what nothing later needs. */
function joined(left: Term, right: Term, later: ReadonlySet<string>): Term {
  const a = summed(left, new Set([...later, ...right.labels]));
  const b = summed(right, new Set([...later, ...left.labels]));
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => later.has(label));
  const inner = shared.filter((label) => !later.has(label));
  const rows = a.labels.filter((label) => !shared.includes(label));
  const columns = b.labels.filter((label) => !shared.includes(label));
  const labels = [...batch, ...rows, ...columns];
  const lengths = [
    ...lengthsOf(a, batch).map((length, i) => Math.max(length, lengthsOf(b, batch)[i])),
    ...lengthsOf(a, rows),
    ...lengthsOf(b, columns),
  ];
  if (inner.length === 0) {
    const one = (names: readonly string[]) => names.map(() => 1);
    const wide = reshape(ordered(a, [...batch, ...rows]), [
      ...lengthsOf(a, batch),
      ...lengthsOf(a, rows),
      ...one(columns),
    ]);
    const tall = reshape(ordered(b, [...batch, ...columns]), [
      ...lengthsOf(b, batch),
      ...one(rows),
      ...lengthsOf(b, columns),
    ]);
    return { labels, tensor: multiply(wide, tall) };
  }
  const [first, transposeA] = asMatrices(a, batch, rows, inner);
  const [second, transposeB] = asMatrices(b, batch, inner, columns);
  return { labels, tensor: reshape(matmul(first, second, { transposeA, transposeB }), lengths) };
}

/** [batch…, rows, columns], or with those two swapped where the numbers lie so already. */
function asMatrices(
  term: Term,
  batch: readonly string[],
  rows: readonly string[],
  columns: readonly string[],
): [Tensor, boolean] {
  const swapped = [...batch, ...columns, ...rows];
  const isSwapped = swapped.every((label, axis) => label === term.labels[axis]);
  const [outer, inner] = isSwapped ? [columns, rows] : [rows, columns];
  const shape = [...lengthsOf(term, batch), product(lengthsOf(term, outer)), product(lengthsOf(term, inner))];
  return [reshape(ordered(term, [...batch, ...outer, ...inner]), shape), isSwapped];
}

const product = (lengths: readonly number[]): number => lengths.reduce((all, length) => all * length, 1);

const lengthsOf = ({ labels, tensor }: Term, names: readonly string[]): number[] =>
  names.map((label) => tensor.shape[labels.indexOf(label)]);

const ordered = ({ labels, tensor }: Term, names: readonly string[]): Tensor =>
  transpose(
    tensor,
    names.map((label) => labels.indexOf(label)),
  );

function summed({ labels, tensor }: Term, kept: ReadonlySet<string>): Term {
  const axes = [...labels.keys()].filter((axis) => !kept.has(labels[axis]));
  return axes.length === 0
    ? { labels, tensor }
    : { labels: labels.filter((label) => kept.has(label)), tensor: sum(tensor, axes) };
}
