import { WeightsError } from '../errors.ts';
import { floatOfText, latin1, unescaped, unquoted, wholeOfBytes, wholeOfText } from './pickleLiterals.ts';
import { type Meaning, PickleFault, PythonName, PythonObject, type PythonValue } from './pythonValues.ts';

export interface PickleOptions {
  /** The pickle's file, for messages. */
  readonly name: string;
  /** What may be named in the pickle. Python 2's and NumPy 1's names are looked up under their newer ones. */
  readonly meanings: ReadonlyMap<string, Meaning>;
  /** What a reference to something outside the pickle stands for. */
  readonly persistent?: (id: unknown) => unknown;
  /** What becomes of classes and functions without a meaning; `inert` makes a `PythonObject` of each. */
  readonly unknownClasses: 'refuse' | 'inert';
}

/** The pickle goes on beyond the bytes at hand. */
export class PickleCutOff extends Error {
  override name = 'PickleCutOff';
}

/**
 * Reads a pickle (protocols 0 to 5) without running anything: a pickle is a program for a small machine, and this
 * machine has no operation that reaches out of it. Names of Python stand for the given meanings, or for nothing.
 *
 * @returns the value, and where the pickle ends
 * @throws PickleCutOff where the bytes end first
 * @throws WeightsError `unsafe-pickle` where it calls or names what it may not; `bad-checkpoint` where it is damaged
 */
export function unpickle(
  bytes: Uint8Array,
  start: number,
  options: PickleOptions,
): { value: PythonValue; end: number } {
  const machine = new PickleMachine(bytes, start, options);
  try {
    const value = machine.run();
    return { value, end: machine.at };
  } catch (error) {
    if (!(error instanceof PickleFault)) throw error;
    const where = error.code === 'bad-checkpoint' ? ` (at byte ${machine.at} of the pickle)` : '';
    throw new WeightsError(error.code, `${options.name}: ${error.message}${where}`, { cause: error });
  }
}

// ---- below: internals ----

class PickleMachine {
  at: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #options: PickleOptions;
  readonly #stack: unknown[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, unknown>();
  /** Names without a meaning that were seen but not called, yet. */
  readonly #unknown = new Set<string>();
  #handedOver = 0;

  constructor(bytes: Uint8Array, start: number, options: PickleOptions) {
    this.at = start;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#options = options;
  }

  run(): unknown {
    for (;;) {
      const opcode = this.byte();
      if (opcode === stop) break;
      const operation = operationOf[opcode];
      if (!operation) throw noOperation(opcode);
      operation(this);
    }
    const value = this.pop();
    const [unknown] = this.#unknown;
    if (unknown !== undefined) throw refusal('names', unknown);
    return value;
  }

  // Reading

  take(length: number): Uint8Array {
    const end = this.at + length;
    if (end > this.#bytes.length) throw new PickleCutOff();
    const bytes = this.#bytes.subarray(this.at, end);
    this.at = end;
    return bytes;
  }

  byte = () => this.take(1)[0];
  short = () => this.#number(2).getUint16(0, true);
  int = () => this.#number(4).getInt32(0, true);
  unsigned = () => this.#number(4).getUint32(0, true);
  double = () => this.#number(8).getFloat64(0, false);
  /** A length of 64 bits. What is beyond 2^53 is beyond the file too. */
  long = () => Number(this.#number(8).getBigUint64(0, true));

  #number(length: number): DataView {
    this.take(length);
    return new DataView(this.#view.buffer, this.#view.byteOffset + this.at - length, length);
  }

  line(): string {
    const end = this.#bytes.indexOf(lineFeed, this.at);
    if (end < 0) throw new PickleCutOff();
    const text = latin1(this.take(end - this.at));
    this.at += 1;
    if (text.length > longestLine) throw new PickleFault(`a line of ${text.length} characters, ${longestLine} at most`);
    return text;
  }

  text = (length: number) => utf8.decode(this.take(length));

  // The stack

  push(value: unknown): void {
    this.#stack.push(value);
  }

  pop(): unknown {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) throw new PickleFault('the pickle takes what was never there');
    return this.#stack.pop();
  }

  top(): unknown {
    const value = this.pop();
    this.#stack.push(value);
    return value;
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  popToMark(): unknown[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw new PickleFault('the pickle goes back to a mark that was never set');
    return this.#stack.splice(mark);
  }

  /** Values in pairs: keys and what they stand for. */
  popPairs(): [unknown, unknown][] {
    const values = this.popToMark();
    if (values.length % 2 !== 0) throw new PickleFault('the pickle has a key without a value');
    return Array.from({ length: values.length / 2 }, (_, i) => [values[2 * i], values[2 * i + 1]]);
  }

  // The memory

  put(index: number): void {
    this.#memo.set(index, this.top());
  }

  memoize(): void {
    this.put(this.#memo.size);
  }

  get(index: number): void {
    if (!this.#memo.has(index)) throw new PickleFault(`the pickle recalls value ${index}, which it never kept`);
    this.push(this.#memo.get(index));
  }

  // Objects

  addPairs(target: unknown, pairs: readonly (readonly [unknown, unknown])[]): void {
    const map = target instanceof PythonObject ? target.entries : target;
    if (!(map instanceof Map)) throw new PickleFault('the pickle sets entries of what is no dict');
    for (const [key, value] of pairs) map.set(key, value);
  }

  addElements(target: unknown, elements: readonly unknown[]): void {
    const list = target instanceof PythonObject ? target.elements : target;
    if (Array.isArray(list)) for (const element of elements) list.push(element);
    else if (list instanceof Set) for (const element of elements) list.add(element);
    else throw new PickleFault('the pickle adds elements to what is neither list nor set');
  }

  name(module: unknown, name: unknown): PythonName {
    const full = `${module}.${name}`;
    const found = new PythonName(full);
    if (!this.#options.meanings.has(modernName(full)) && this.#options.unknownClasses === 'refuse') {
      this.#unknown.add(full);
    }
    return found;
  }

  /** What the meaning makes of the arguments. */
  call(callable: unknown, args: unknown): unknown {
    if (!(callable instanceof PythonName)) throw new PickleFault('the pickle calls what is no class or function');
    if (!Array.isArray(args)) throw new PickleFault(`the pickle calls ${callable.name} without arguments`);
    this.#charge(args);
    const meaning = this.#options.meanings.get(modernName(callable.name));
    if (meaning) return meaning(...args);
    if (this.#options.unknownClasses === 'inert') return new PythonObject(callable.name, args);
    throw refusal('calls', callable.name);
  }

  restore(target: unknown, state: unknown): void {
    if (Array.isArray(state)) this.#charge(state);
    if (target instanceof Map) return; // attributes of a dict, as the `_metadata` of a state dict
    if (target instanceof PythonObject) target.state = state;
    else if (isRestorable(target)) target.restore(state);
    else throw new PickleFault('the pickle gives a state to what has none');
  }

  persistent(id: unknown): void {
    const { persistent } = this.#options;
    if (!persistent) throw new PickleFault('the pickle refers to something outside it', 'unsafe-pickle');
    this.push(persistent(id));
  }

  /** A small pickle that hands one large value over and over to be copied would fill the memory. */
  #charge(args: readonly unknown[]): void {
    for (const value of args) {
      if (typeof value === 'string' || Array.isArray(value) || value instanceof Uint8Array)
        this.#handedOver += value.length;
      else if (value instanceof Map || value instanceof Set) this.#handedOver += value.size;
    }
    if (this.#handedOver > 4 * this.#bytes.length + 2 ** 20) {
      throw new PickleFault('the pickle copies its values without end', 'unsafe-pickle');
    }
  }
}

/** Anything that a pickle makes first and tells what it is afterwards. */
interface Restorable {
  restore(state: unknown): void;
}

const isRestorable = (value: unknown): value is Restorable =>
  typeof value === 'object' && value !== null && 'restore' in value && typeof value.restore === 'function';

function noOperation(opcode: number): PickleFault {
  const shown = `0x${opcode.toString(16).padStart(2, '0')}`;
  const refused = refusedOperations[opcode];
  return refused
    ? new PickleFault(`the pickle uses ${refused} (${shown}), which weights have no need of`, 'unsafe-pickle')
    : new PickleFault(`found ${shown} where the pickle's next operation should be; copy the file again`);
}

function refusal(verb: 'calls' | 'names', name: string): PickleFault {
  const shown = name.replace(/^(?:posix|nt)\.(.*)$/, 'os.$1 (as $&)');
  const advice = /^torch\.nn\.modules\./.test(name)
    ? 'it holds a whole model; save its state_dict() instead'
    : 'weights have no need of it, and nothing was executed; save only the state dict, or open the file with unknownClasses "inert", which runs nothing either';
  return new PickleFault(`the pickle ${verb} ${shown}: ${advice}`, 'unsafe-pickle');
}

/** Names that have moved, to where they are now. */
const modernName = (name: string): string =>
  name
    .replace(/^__builtin__\./, 'builtins.')
    .replace(/^copy_reg\./, 'copyreg.')
    .replace(/^numpy\.core\./, 'numpy._core.')
    .replace(/^torch\.cuda\.(?=\w+Storage$)/, 'torch.');

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const lineFeed = 0x0a;
const stop = 0x2e;
const longestLine = 10_000;

type Operation = (machine: PickleMachine) => void;

/** The machine's operations by their opcode, in the order of Python's own `pickletools`. */
const operations: Readonly<Record<string, Operation>> = {
  // Numbers
  I: (m) => {
    const line = m.line();
    m.push(line === '00' ? false : line === '01' ? true : wholeOfText(line));
  },
  J: (m) => m.push(m.int()),
  K: (m) => m.push(m.byte()),
  M: (m) => m.push(m.short()),
  L: (m) => m.push(wholeOfText(m.line())),
  '\x8a': (m) => m.push(wholeOfBytes(m.take(m.byte()))),
  '\x8b': (m) => m.push(wholeOfBytes(m.take(m.unsigned()))),
  F: (m) => m.push(floatOfText(m.line())),
  G: (m) => m.push(m.double()),
  // Text and bytes; Python 2's strings may be either
  S: (m) => m.push(unquoted(m.line())),
  T: (m) => m.push(latin1(m.take(m.unsigned()))),
  U: (m) => m.push(latin1(m.take(m.byte()))),
  V: (m) => m.push(unescaped(m.line())),
  X: (m) => m.push(m.text(m.unsigned())),
  '\x8c': (m) => m.push(m.text(m.byte())),
  '\x8d': (m) => m.push(m.text(m.long())),
  B: (m) => m.push(m.take(m.unsigned())),
  C: (m) => m.push(m.take(m.byte())),
  '\x8e': (m) => m.push(m.take(m.long())),
  '\x96': (m) => m.push(m.take(m.long())),
  // None and truth values
  N: (m) => m.push(null),
  '\x88': (m) => m.push(true),
  '\x89': (m) => m.push(false),
  // Lists, tuples, sets
  ']': (m) => m.push([]),
  a: (m) => {
    const element = m.pop();
    m.addElements(m.top(), [element]);
  },
  e: addAll,
  l: (m) => m.push(m.popToMark()),
  ')': (m) => m.push([]),
  t: (m) => m.push(m.popToMark()),
  '\x85': (m) => m.push([m.pop()]),
  '\x86': (m) => m.push([m.pop(), m.pop()].reverse()),
  '\x87': (m) => m.push([m.pop(), m.pop(), m.pop()].reverse()),
  '\x8f': (m) => m.push(new Set()),
  '\x90': addAll,
  '\x91': (m) => m.push(new Set(m.popToMark())),
  // Dicts
  '}': (m) => m.push(new Map()),
  d: (m) => m.push(new Map(m.popPairs())),
  s: (m) => {
    const [value, key] = [m.pop(), m.pop()];
    m.addPairs(m.top(), [[key, value]]);
  },
  u: (m) => {
    const pairs = m.popPairs();
    m.addPairs(m.top(), pairs);
  },
  // The stack and the memory
  '0': (m) => void m.pop(),
  '1': (m) => void m.popToMark(),
  '2': (m) => m.push(m.top()),
  '(': (m) => m.mark(),
  g: (m) => m.get(Number(wholeOfText(m.line()))),
  h: (m) => m.get(m.byte()),
  j: (m) => m.get(m.unsigned()),
  p: (m) => m.put(Number(wholeOfText(m.line()))),
  q: (m) => m.put(m.byte()),
  r: (m) => m.put(m.unsigned()),
  '\x94': (m) => m.memoize(),
  // Classes and objects
  c: (m) => m.push(m.name(m.line(), m.line())),
  '\x93': (m) => {
    const [name, module] = [m.pop(), m.pop()];
    m.push(m.name(module, name));
  },
  R: (m) => {
    const [args, callable] = [m.pop(), m.pop()];
    m.push(m.call(callable, args));
  },
  b: (m) => {
    const state = m.pop();
    m.restore(m.top(), state);
  },
  i: (m) => m.push(m.call(m.name(m.line(), m.line()), m.popToMark())),
  o: (m) => {
    const [callable, ...args] = m.popToMark();
    m.push(m.call(callable, args));
  },
  '\x81': (m) => {
    const [args, callable] = [m.pop(), m.pop()];
    m.push(m.call(callable, args));
  },
  '\x92': (m) => {
    const [named, args, callable] = [m.pop(), m.pop(), m.pop()];
    m.push(m.call(callable, Array.isArray(args) && named instanceof Map && named.size > 0 ? [...args, named] : args));
  },
  P: (m) => m.persistent(m.line()),
  Q: (m) => m.persistent(m.pop()),
  // The pickle itself
  '\x80': (m) => {
    const protocol = m.byte();
    if (protocol > 5) throw new PickleFault(`found protocol ${protocol} of pickle, 5 at most; is the file newer?`);
  },
  '\x95': (m) => void m.long(),
};

function addAll(m: PickleMachine): void {
  const elements = m.popToMark();
  m.addElements(m.top(), elements);
}

const operationOf: readonly (Operation | undefined)[] = Array.from(
  { length: 256 },
  (_, opcode) => operations[String.fromCharCode(opcode)],
);

const refusedOperations: Readonly<Record<number, string>> = {
  130: 'an extension registry',
  131: 'an extension registry',
  132: 'an extension registry',
  151: 'a buffer outside the pickle',
  152: 'a buffer outside the pickle',
};
