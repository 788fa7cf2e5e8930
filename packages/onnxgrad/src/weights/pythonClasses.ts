import { copyOf } from './byteSource.ts';
import { type Meaning, PickleFault, PythonName, PythonObject } from './pythonValues.ts';

/**
 * Names of Python that checkpoints hold beside their tensors: containers become those of TypeScript, what belongs to
 * settings, times and paths is kept by name and arguments, and nothing of it does anything.
 */
export const pythonClasses: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['collections.OrderedDict', (pairs) => dict(pairs)],
  ['builtins.dict', (pairs) => dict(pairs)],
  ['collections.defaultdict', (_factory, pairs) => dict(pairs)],
  ['collections.Counter', (counts) => dict(counts)],
  ['collections.deque', (elements) => list(elements)],
  ['builtins.list', (elements) => list(elements)],
  ['builtins.tuple', (elements) => list(elements)],
  ['builtins.set', (elements) => new Set(list(elements))],
  ['builtins.frozenset', (elements) => new Set(list(elements))],
  ['builtins.bytes', (content) => bytes(content)],
  ['builtins.bytearray', (content) => bytes(content)],
  ['_codecs.encode', encode],
  ['copyreg._reconstructor', (type) => new PythonObject(nameOf(type))],
  ['builtins.getattr', attribute],
  ...inertClasses().map((name): [string, Meaning] => [name, (...args) => new PythonObject(name, args)]),
  ...['object', 'int', 'float', 'str', 'bool'].map((name): [string, Meaning] => [`builtins.${name}`, null]),
]);

// ---- below: internals ----

/** Of Python's own library, and of the tools that wrote most published checkpoints of video models. */
function inertClasses(): string[] {
  const paths = ['Path', 'PosixPath', 'WindowsPath', 'PurePath', 'PurePosixPath', 'PureWindowsPath'];
  return [
    'argparse.Namespace',
    'types.SimpleNamespace',
    'builtins.complex',
    'builtins.range',
    'builtins.slice',
    ...['datetime', 'date', 'time', 'timedelta', 'timezone'].map((name) => `datetime.${name}`),
    'decimal.Decimal',
    'fractions.Fraction',
    'uuid.UUID',
    ...paths.flatMap((name) => [`pathlib.${name}`, `pathlib._local.${name}`]),
    'addict.addict.Dict',
    'easydict.EasyDict',
    'fvcore.common.config.CfgNode',
    'mmcv.utils.config.ConfigDict',
    'mmengine.config.config.ConfigDict',
    'mmengine.logging.history_buffer.HistoryBuffer',
    'yacs.config.CfgNode',
  ];
}

function dict(pairs: unknown): Map<unknown, unknown> {
  if (pairs === undefined) return new Map();
  if (pairs instanceof Map) return new Map(pairs);
  if (Array.isArray(pairs) && pairs.every((pair) => Array.isArray(pair) && pair.length === 2)) return new Map(pairs);
  throw new PickleFault('the pickle makes a dict of what are no pairs');
}

function list(elements: unknown): unknown[] {
  if (elements === undefined) return [];
  if (Array.isArray(elements) || elements instanceof Set) return [...elements];
  throw new PickleFault('the pickle makes a list of what is none');
}

function bytes(content: unknown): Uint8Array {
  if (content === undefined) return new Uint8Array(0);
  if (content instanceof Uint8Array) return copyOf(content);
  if (Array.isArray(content)) return Uint8Array.from(content as number[]);
  if (typeof content === 'string') return encode(content, 'latin1');
  throw new PickleFault('the pickle makes bytes of what are none');
}

/** Pickles of protocol 2 hold bytes as text that is to be encoded. */
function encode(text: unknown, encoding: unknown): Uint8Array {
  if (typeof text !== 'string' || (encoding !== 'latin1' && encoding !== 'latin-1')) {
    throw new PickleFault(`the pickle encodes text as ${JSON.stringify(encoding)}, expected latin1`);
  }
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) throw new PickleFault('the pickle encodes characters as latin1 that it lacks');
    bytes[i] = code;
  }
  return bytes;
}

/** A method of a class, as a name; calling it is another matter, and nothing else has attributes here. */
function attribute(owner: unknown, name: unknown): PythonName {
  if (owner instanceof PythonName && typeof name === 'string') return new PythonName(`${owner.name}.${name}`);
  throw new PickleFault(`the pickle calls getattr for ${JSON.stringify(name)} of what is no class`, 'unsafe-pickle');
}

function nameOf(type: unknown): string {
  if (type instanceof PythonName) return type.name;
  throw new PickleFault('the pickle makes an object of what is no class');
}
