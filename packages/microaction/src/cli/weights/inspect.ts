import { Command } from 'commander';
import type { WeightsFile } from 'onnxgrad/weights';
import { UserError } from '../../errors.ts';
import { type NumberColumn, numberTable } from '../numberTable.ts';
import { printable } from '../printable.ts';
import type { Session } from '../session.ts';

interface InspectOptions {
  readonly json?: true;
  readonly ema?: true;
  readonly at?: string;
  readonly lenient?: true;
}

export function inspectCommand(session: Session): Command {
  return new Command('inspect')
    .description('List what a file of weights holds: names, types, shapes. Nothing in the file is executed.')
    .argument('<file>', 'a PyTorch checkpoint (.pth, .pt), .safetensors, .npz or .npy, told by content')
    .option('--ema', 'take the averaged weights of a checkpoint that holds both')
    .option('--at <keys>', 'where the weights are in a checkpoint, as keys joined by dots; looked for unless given')
    .option(
      '--lenient',
      'pass over unknown classes in a checkpoint rather than refuse it; they are not executed either',
    )
    .option('--json', 'print one JSON document on standard output and nothing else there')
    .action((file: string, options: InspectOptions) => inspect(session, file, options));
}

// ---- below: internals ----

async function inspect(session: Session, file: string, { json, ema, at, lenient }: InspectOptions): Promise<void> {
  const [{ openWeights }, { WeightsError }] = await Promise.all([
    import('onnxgrad/weights/node'),
    import('onnxgrad/weights'),
  ]);
  try {
    await using weights = await openWeights(file, {
      prefer: ema ? 'ema' : 'weights',
      at,
      unknownClasses: lenient ? 'inert' : 'refuse',
    });
    await session.print(json ? `${JSON.stringify(documentOf(weights), null, 2)}\n` : sheet(weights, session));
  } catch (error) {
    if (error instanceof WeightsError) throw new UserError(error.code, error.message, { cause: error });
    throw error;
  }
}

function documentOf(weights: WeightsFile): object {
  const { name, format, layout, metadata } = weights;
  const tensors = [...weights.entries].map(([name, { dtype, stored, shape, byteLength }]) => ({
    name,
    dtype,
    ...(stored !== dtype && { stored }),
    shape,
    bytes: byteLength,
  }));
  return { file: name, format, ...(layout !== undefined && { layout }), ...totals(weights), metadata, tensors };
}

/** Tensors that are the same numbers under two names count once. */
function totals({ entries }: WeightsFile): { parameters: number; bytes: number } {
  const distinct = [...new Set(entries.values())];
  return {
    parameters: distinct.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    bytes: distinct.reduce((sum, { byteLength }) => sum + byteLength, 0),
  };
}

function sheet(weights: WeightsFile, session: Session): string {
  const { entries, format, layout, metadata } = weights;
  const { parameters, bytes } = totals(weights);
  const tied = entries.size - new Set(entries.values()).size;
  const facts: [string, string | undefined][] = [
    ['format', formats[format]],
    ['layout', layout],
    [
      'tensors',
      tied > 0
        ? `${number(entries.size)}, ${number(tied)} of them another name for the same numbers`
        : number(entries.size),
    ],
    ['parameters', number(parameters)],
    ['size', `${number(bytes)} bytes`],
    ['metadata', Object.keys(metadata).join(', ') || undefined],
  ];
  const lines = facts.flatMap(([name, value]) =>
    value === undefined ? [] : `  ${session.style('dim', name.padEnd(12))}${printable(value)}\n`,
  );
  const rows = [...entries].map(([name, { stored, shape }]) => [
    name || '(no name)',
    stored,
    shape.length > 0 ? shape.join(' x ') : 'scalar',
    number(sizeOf(shape)),
  ]);
  const table = rows.length > 0 ? `\n${numberTable(columns, rows, session)}` : '';
  return `${session.style('bold', printable(weights.name))}\n${lines.join('')}${table}`;
}

const columns: readonly NumberColumn[] = [
  { title: 'tensor', align: 'left' },
  { title: 'dtype', align: 'left' },
  { title: 'shape', align: 'left' },
  { title: 'elements', givesWay: 1 },
];

const formats: { readonly [Format in WeightsFile['format']]: string } = {
  safetensors: 'safetensors',
  npy: 'NumPy array (.npy)',
  npz: 'NumPy arrays (.npz)',
  'torch-zip': 'PyTorch checkpoint (zip)',
  'torch-legacy': 'PyTorch checkpoint (before version 1.6)',
};

const number = (value: number) => value.toLocaleString('en');
const sizeOf = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);
