import { describe, expect, it } from 'vitest';
import { numpyClasses } from './numpyClasses.ts';
import { PickleCutOff, type PickleOptions, unpickle } from './pickle.ts';
import { pythonClasses } from './pythonClasses.ts';
import { asJson, PythonObject } from './pythonValues.ts';

/** A pickle as text of opcodes, bytes above 127 written as their own characters. */
const pickle = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const options: PickleOptions = {
  name: 'w.pth',
  meanings: new Map([...pythonClasses, ...numpyClasses]),
  unknownClasses: 'refuse',
};
const read = (text: string, changed: Partial<PickleOptions> = {}) =>
  unpickle(pickle(text), 0, { ...options, ...changed }).value;

describe('a pickle', () => {
  // Each made by Python's pickle.dumps of the value in the comment, in the protocol before it.
  it.each([
    // 0: {'a': [1, 2.5, None, True], 'b': (12345678901234567890,)}
    [
      '(dp0\nVa\np1\n(lp2\nI1\naF2.5\naNaI01\nasVb\np3\n(L12345678901234567890L\ntp4\ns.',
      { a: [1, 2.5, null, true], b: ['12345678901234567890'] },
    ],
    // 0: ['é\u0151\U0001f600', "it's"], one of them as Python 2 wrote it
    ['(lp0\nV\xe9\\u0151\\U0001f600\np1\naS"it\'s\\x21"\na.', ['é\u0151\u{1f600}', "it's!"]],
    // 2: [-1, 255, 256, 65536, -2**31, 2**31, -2**63]
    [
      '\x80\x02]q\x00(J\xff\xff\xff\xffK\xffM\x00\x01J\x00\x00\x01\x00J\x00\x00\x00\x80\x8a\x05\x00\x00\x00\x80\x00\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x80e.',
      [-1, 255, 256, 65536, -(2 ** 31), 2 ** 31, '-9223372036854775808'],
    ],
    // 2: b'\x00\xff', which that protocol lacks
    [
      '\x80\x02c_codecs\nencode\nq\x00X\x03\x00\x00\x00\x00\xc3\xbfq\x01X\x06\x00\x00\x00latin1q\x02\x86q\x03Rq\x04.',
      '2 bytes',
    ],
    // 2: collections.OrderedDict([('k', 1)]) with an attribute _metadata
    ['\x80\x02ccollections\nOrderedDict\n)RX\x01\x00\x00\x00kK\x01s}X\x09\x00\x00\x00_metadata}sb.', { k: 1 }],
    // 4: {'s': {1}, 't': ('x', b'yz'), 'f': 0.1}
    [
      '\x80\x04\x95\x33\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x01s\x94\x8f\x94(K\x01\x90\x8c\x01t\x94\x8c\x01x\x94C\x02yz\x94\x86\x94\x8c\x01f\x94G\x3f\xb9\x99\x99\x99\x99\x99\x9au.',
      { s: [1], t: ['x', '2 bytes'], f: 0.1 },
    ],
    // 5: bytearray(b'ab')
    ['\x80\x05\x96\x02\x00\x00\x00\x00\x00\x00\x00ab.', '2 bytes'],
  ])('of Python is read: %j', (text, expected) => {
    expect(asJson(read(text))).toEqual(expected);
  });

  it('keeps one value that stands in two places one', () => {
    const [first, second] = read('\x80\x02](]q\x00h\x00e.') as unknown[];
    expect(first).toBe(second);
  });

  it('says where it ends, so that another may follow', () => {
    const bytes = pickle('\x80\x02K\x01.\x80\x02K\x02.');
    const first = unpickle(bytes, 0, options);
    expect(first).toEqual({ value: 1, end: 5 });
    expect(unpickle(bytes, first.end, options)).toEqual({ value: 2, end: 10 });
  });

  it.each([
    ['os.system by REDUCE', 'cos\nsystem\n(Vecho\ntR.', 'the pickle calls os.system: '],
    ['os.system as Linux names it', 'cposix\nsystem\n(Vecho\ntR.', 'the pickle calls os.system (as posix.system): '],
    ['os.system by INST', '(Vecho\nios\nsystem\n.', 'the pickle calls os.system: '],
    ['os.system by OBJ', '(cos\nsystem\nVecho\no.', 'the pickle calls os.system: '],
    ['os.system by NEWOBJ', '\x80\x02cos\nsystem\n)\x81.', 'the pickle calls os.system: '],
    ['os.system by STACK_GLOBAL', '\x80\x04\x8c\x02os\x8c\x06system\x93)R.', 'the pickle calls os.system: '],
    ['os.system, and throws the result away', 'cos\nsystem\n(tR0N.', 'the pickle calls os.system: '],
    ['builtins.eval', '\x80\x02c__builtin__\neval\n(Vx\ntR.', 'the pickle calls __builtin__.eval: '],
    [
      'what getattr finds',
      'c__builtin__\ngetattr\n(c__builtin__\nobject\nV__subclasses__\ntR(tR.',
      'calls __builtin__.object.__subclasses__',
    ],
    ['a class it only knows by name', 'cnumpy\nndarray\n(tR.', 'the pickle calls numpy.ndarray: '],
    ['a whole model', '\x80\x02ctorch.nn.modules.linear\nLinear\n)\x81.', 'save its state_dict() instead'],
  ])('that calls %s is refused by name', (_, text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow(expect.objectContaining({ name: 'WeightsError', code: 'unsafe-pickle' }));
  });

  it.each([
    ['names what it does not call', 'cos\nsystem\n.', 'the pickle names os.system'],
    ['names and forgets', 'cos\nsystem\n0N.', 'the pickle names os.system'],
    [
      'asks for an attribute of a value',
      'c__builtin__\ngetattr\n(I1\nVreal\ntR.',
      'getattr for "real" of what is no class',
    ],
    ['uses extensions', '\x80\x02\x82\x01.', 'an extension registry (0x82)'],
    ['uses buffers outside it', '\x80\x05\x97.', 'a buffer outside the pickle (0x97)'],
    ['refers to what nothing is known of', 'Pabc\n.', 'refers to something outside it'],
  ])('that %s is refused', (_, text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'unsafe-pickle' }));
  });

  it('makes lifeless objects of unknown classes where that is wished', () => {
    const value = read('\x80\x02cos\nsystem\n(Vecho\ntR}Va\nK\x01sb.', { unknownClasses: 'inert' });
    expect(value).toBeInstanceOf(PythonObject);
    expect(asJson(value)).toEqual({ class: 'os.system', args: ['echo'], state: { a: 1 } });
  });

  it.each([
    ['takes what was never there', '0.'],
    ['takes what is before a mark', 'N(0.'],
    ['ends without a value', '.'],
    ['goes back to no mark', 'Nt.'],
    ['recalls what it never kept', 'h\x05.'],
    ['sets entries of a list', ']K\x01K\x02s.'],
    ['adds elements to a dict', '}K\x01a.'],
    ['has a key without a value', '(K\x01d.'],
    ['calls a number', 'K\x01)R.'],
    ['gives a state to a number', 'K\x01}b.'],
    ['has an opcode that is none', '\xff.'],
    ['is of a later protocol', '\x80\x09N.'],
    ['has a number that is none', 'Iseven\n.'],
    ['has a dict of no pairs', 'ccollections\nOrderedDict\n((K\x01ltR.'],
  ])('that %s is refused as damaged', (_, text) => {
    expect(() => read(text)).toThrow(/^w\.pth: .* \(at byte \d+ of the pickle\)$/);
    expect(() => read(text)).toThrow(expect.objectContaining({ name: 'WeightsError', code: 'bad-checkpoint' }));
  });

  it.each(['', '\x80', 'X\x05\x00\x00\x00abc', '\x8d\xff\xff\xff\xff\xff\xff\xff\xffa', 'I12', 'N'])(
    'that ends too early says so: %j',
    (text) => {
      expect(() => read(text)).toThrow(PickleCutOff);
    },
  );

  it('that copies one value over and over is stopped', () => {
    const copy = 'c__builtin__\nset\nh\x00\x85R0';
    const text = `\x80\x02](${'N'.repeat(20_000)}eq\x000${copy.repeat(1000)}N.`;
    expect(() => read(text)).toThrow('copies its values without end');
  });

  it('that holds itself, or doubles itself a hundred times, is shown cut short', () => {
    const endless = read('\x80\x02]q\x00h\x00a.');
    expect(JSON.stringify(asJson(endless))).toContain('..."');
    const doubled = read(`\x80\x02]${'q\x00](h\x00h\x00e'.repeat(100)}.`);
    expect(JSON.stringify(asJson(doubled)).length).toBeLessThan(2 ** 22);
  });
});

describe('numbers of NumPy in a pickle', () => {
  const type = (letters: string, order = '<') =>
    `cnumpy\ndtype\n(V${letters}\nI00\nI01\ntR(I3\nV${order}\nNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffI0\ntb`;
  it.each([
    ['f4', '<', 'C\x04\x00\x00\xc0?', 1.5],
    ['f8', '>', 'C\x08?\xf0\x00\x00\x00\x00\x00\x00', 1],
    ['f2', '<', 'C\x02\x00\x3c', 1],
    ['i8', '<', 'C\x08\xff\xff\xff\xff\xff\xff\xff\xff', -1],
    ['b1', '|', 'C\x01\x01', true],
  ])('are numbers: %s %s', (letters, order, content, expected) => {
    for (const core of ['core', '_core']) {
      expect(read(`\x80\x03cnumpy.${core}.multiarray\nscalar\n${type(letters, order)}${content}\x86R.`)).toBe(expected);
    }
  });

  it('of the wrong size are refused', () => {
    expect(() => read(`\x80\x03cnumpy.core.multiarray\nscalar\n${type('f4')}C\x02ab\x86R.`)).toThrow('another size');
  });
});
