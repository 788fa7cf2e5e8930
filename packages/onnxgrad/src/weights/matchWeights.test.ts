import { describe, expect, it } from 'vitest';
import { matchWeights } from './matchWeights.ts';

const wanted = new Map([
  ['conv.weight', [8, 3, 3]],
  ['fc.weight', [52, 8]],
  ['fc.bias', [52]],
]);
const found = (shapes: Record<string, number[]>) =>
  new Map(Object.entries(shapes).map(([name, shape]) => [name, { shape }]));
const fitting = { 'fc.bias': [52], 'conv.weight': [8, 3, 3], 'fc.weight': [52, 8] };

describe('matching weights', () => {
  it("pairs the model's names with the file's", () => {
    const match = matchWeights(wanted, found(fitting));
    expect([...match.names]).toEqual([...wanted.keys()].map((name) => [name, name]));
    expect(match).toMatchObject({ missing: [], unexpected: [] });
  });

  it('lists all that does not fit at once', () => {
    const wrong = found({ 'conv.weight': [8, 3, 3], 'fc.weight': [400, 8], 'head.bias': [52], scale: [] });
    expect(() => matchWeights(wanted, wrong)).toThrow(
      [
        'these weights do not fit:',
        'missing    fc.bias [52]',
        'unexpected head.bias [52]',
        'unexpected scale []',
        'shape      fc.weight: expected [52, 8], got [400, 8]',
      ].join('\n  '),
    );
  });

  it('names the missing weight that an unexpected one is like', () => {
    const wrong = found({ 'conv.weihgt': [8, 3, 3], 'fc.weight': [52, 8], 'fc.baises': [52] });
    expect(() => matchWeights(wanted, wrong)).toThrow('unexpected conv.weihgt [8, 3, 3], closest to conv.weight\n');
    expect(() => matchWeights(wanted, wrong)).toThrow(/unexpected fc\.baises \[52\]$/);
  });

  it('tells a scalar from one element', () => {
    expect(() => matchWeights(new Map([['a', []]]), found({ a: [1] }))).toThrow('a: expected [], got [1]');
  });

  it('renames, and passes over what has no name', () => {
    const rename = (name: string) => (name.startsWith('m.') ? name.slice(2) : undefined);
    const inFile = found({ 'm.conv.weight': [8, 3, 3], 'm.fc.weight': [52, 8], 'm.fc.bias': [52], optimizer: [1] });
    expect(matchWeights(wanted, inFile, { rename }).names.get('fc.bias')).toBe('m.fc.bias');
  });

  it('refuses two tensors of the file that become one of the model', () => {
    const rename = (name: string) => name.replace('x.', '');
    expect(() => matchWeights(wanted, found({ ...fitting, 'x.fc.bias': [52] }), { rename })).toThrow(
      'twice      fc.bias: fc.bias and x.fc.bias both became it',
    );
  });

  it('lets be missing and be there what may', () => {
    const inFile = found({ 'conv.weight': [8, 3, 3], num_batches: [], 'fc.weight': [52, 8] });
    const match = matchWeights(wanted, inFile, { allowMissing: /bias$/, allowUnexpected: true });
    expect(match).toMatchObject({ missing: ['fc.bias'], unexpected: ['num_batches'] });
    expect([...match.names.keys()]).toEqual(['conv.weight', 'fc.weight']);
    expect(() => matchWeights(wanted, inFile, { allowMissing: /gain$/g, allowUnexpected: /^num/ })).toThrow(
      /^these weights do not fit:\n {2}missing {4}fc\.bias \[52\]$/,
    );
  });

  it('never lets a shape differ', () => {
    const wrong = found({ ...fitting, 'fc.bias': [53] });
    expect(() => matchWeights(wanted, wrong, { allowMissing: true, allowUnexpected: true })).toThrow('got [53]');
  });

  it('sees that all names lack or have one prefix', () => {
    const longer = Object.fromEntries(Object.entries(fitting).map(([name, shape]) => [`backbone.${name}`, shape]));
    expect(() => matchWeights(wanted, found(longer))).toThrow('The file\'s names begin with "backbone."');
    const more = new Map([...wanted].map(([name, shape]) => [`net.${name}`, shape]));
    expect(() => matchWeights(more, found(fitting))).toThrow('The model\'s names begin with "net."');
  });
});
