import { describe, expect, it } from 'vitest';
import { buffer, parameter } from '../graph/tensor.ts';
import { arrayFrom, type TensorData } from '../graph/tensorData.ts';
import { bytesSource, openSafetensors, writeSafetensors } from '../weights/index.ts';
import { Initializer } from './initializer.ts';
import { LayerNorm } from './layerNorm.ts';
import { Linear } from './linear.ts';
import { Mlp } from './mlp.ts';
import {
  countParameters,
  fieldNames,
  freeze,
  loadState,
  loadWeights,
  parametersOf,
  saveState,
  sharedParts,
  stateOf,
  unfreeze,
} from './state.ts';

const init = new Initializer(1);

class Block {
  readonly norm = new LayerNorm({ features: 2 }, init);
  readonly mlp = new Mlp({ inputs: 2, hidden: 3, names: { fc1: 'layers.0.0', fc2: 'layers.1' } }, init);
}

class Model {
  readonly options = { depth: 2, nothing: null };
  readonly pos_embed = buffer([1, 2]);
  readonly blocks = [new Block(), new Block()];
  readonly head = new Linear({ inputs: 2, outputs: 1, bias: false }, init);
}

const block = ['norm.weight', 'norm.bias', 'mlp.layers.0.0.weight', 'mlp.layers.0.0.bias'].concat(
  'mlp.layers.1.weight',
  'mlp.layers.1.bias',
);
const names = ['pos_embed', ...[0, 1].flatMap((i) => block.map((name) => `blocks.${i}.${name}`)), 'head.weight'];

/** A head that is stored under two names, as TadTR's boxes. */
class Twice {
  readonly head: Linear;
  readonly decoder: { readonly head: Linear };
  readonly [sharedParts]?: readonly string[];

  constructor(parts?: readonly string[]) {
    this.head = new Linear({ inputs: 2, outputs: 1, bias: false }, init);
    this.decoder = { head: this.head };
    this[sharedParts] = parts;
  }
}

const filled = (shape: readonly number[], value: number, dtype: TensorData['dtype'] = 'float32'): TensorData => ({
  dtype,
  shape,
  data: arrayFrom(dtype, new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(value)),
});

describe('stateOf', () => {
  it("takes other names of fields, and puts what is within a field called '' beside it", () => {
    const linear = () => new Linear({ inputs: 2, outputs: 1, bias: false }, init);
    const head = { [fieldNames]: { classifier: '', last: 'fc2' }, classifier: { fc1: linear() }, last: linear() };
    expect([...stateOf({ head }).keys()]).toEqual(['head.fc1.weight', 'head.fc2.weight']);
    expect([...stateOf(head).keys()]).toEqual(['fc1.weight', 'fc2.weight']);
  });

  it('names every tensor by the way to it, in the order of the fields', () => {
    const state = stateOf(new Model());
    expect([...state.keys()]).toEqual(names);
    expect([...state.values()].map(({ name }) => name)).toEqual(names);
  });

  it('refuses one tensor under two names unless it is listed as shared', () => {
    expect(() => stateOf(new Twice())).toThrow(/head\.weight and decoder\.head\.weight are one tensor/);
    const model = new Twice(['decoder.head']);
    expect([...stateOf({ inner: model }).keys()]).toEqual(['inner.head.weight', 'inner.decoder.head.weight']);
    expect(model.head.weight.name).toBe('inner.head.weight');
    expect(parametersOf(model)).toEqual([model.head.weight]);
    expect(countParameters(model).total).toBe(2);
  });

  it('refuses two tensors of one name and a layer within itself', () => {
    expect(() => stateOf({ 'a.b': parameter([1]), a: { b: parameter([1]) } })).toThrow('two tensors are called a.b');
    const loop: { inner?: object } = {};
    loop.inner = loop;
    expect(() => stateOf(loop)).toThrow('leads back');
  });
});

describe('loadState', () => {
  it('copies what saveState gave, and leaves a copy alone in training', () => {
    const model = new Model();
    const saved = saveState(model);
    const other = new Model();
    expect(other.head.weight.data).not.toEqual(model.head.weight.data);
    loadState(other, saved);
    expect(saveState(other)).toEqual(saved);
    other.head.weight.data.fill(7);
    expect(saved.get('head.weight')?.data).toEqual(model.head.weight.data);
  });

  it('lists every mismatch at once and then loads nothing', () => {
    const model = new Model();
    const before = saveState(model);
    const tensors = saveState(new Model());
    tensors.delete('blocks.0.norm.weight');
    tensors.set('head.weight', filled([2, 1], 1));
    tensors.set('pos_embed', filled([1, 2], 1, 'int64'));
    tensors.set('cls_head.bias', filled([3], 1));
    expect(() => loadState(model, tensors)).toThrow(
      [
        'these weights do not fit:',
        'missing    blocks.0.norm.weight [2]',
        'unexpected cls_head.bias [3]',
        'shape      head.weight: expected [1, 2], got [2, 1]',
      ].join('\n  '),
    );
    expect(() => loadState(model, tensors, { allowUnexpected: /head/, allowMissing: /norm/ })).toThrow('shape');
    tensors.set('head.weight', filled([1, 2], 1));
    expect(() => loadState(model, tensors, { allowUnexpected: /head/, allowMissing: /norm/ })).toThrow(
      'type       pos_embed: expected float32, got int64',
    );
    expect(saveState(model)).toEqual(before);
  });

  it('takes other widths of float, other names, and absences that were allowed', () => {
    const model = { head: new Linear({ inputs: 2, outputs: 1 }, init) };
    const weight: TensorData = { dtype: 'float16', shape: [1, 2], data: arrayFrom('float16', [0.5, -3]) };
    const tensors = new Map([
      ['module.head.weight', weight],
      ['module.epoch', filled([1], 3)],
      ['optimizer', filled([1], 3)],
    ]);
    const report = loadState(model, tensors, {
      rename: (name) => (name.startsWith('module.') ? name.slice(7) : undefined),
      allowMissing: /bias$/,
      allowUnexpected: /^epoch$/,
    });
    expect([...model.head.weight.data]).toEqual([0.5, -3]);
    expect(report).toEqual({ missing: ['head.bias'], unexpected: ['epoch'] });
  });

  it('says so where a renaming makes two names one', () => {
    const tensors = new Map([
      ['a', filled([1], 1)],
      ['b', filled([1], 2)],
    ]);
    expect(() => loadState({ a: parameter([1]) }, tensors, { rename: () => 'a' })).toThrow(
      'twice      a: a and b both became it',
    );
  });

  it('takes one of two names of a shared tensor, and both only where they agree', () => {
    const model = new Twice(['decoder.head']);
    loadState(model, new Map([['decoder.head.weight', filled([1, 2], 4)]]));
    expect([...model.head.weight.data]).toEqual([4, 4]);
    const both = (second: number) =>
      new Map([
        ['head.weight', filled([1, 2], 5)],
        ['decoder.head.weight', filled([1, 2], second)],
      ]);
    loadState(model, both(5));
    expect([...model.head.weight.data]).toEqual([5, 5]);
    expect(() => loadState(model, both(6))).toThrow('different  decoder.head.weight and head.weight');
  });
});

describe('loadWeights', () => {
  it('reads from an open file what loadState takes from memory, and checks before it reads', async () => {
    const [model, other] = [new Model(), new Model()];
    const bytes = writeSafetensors(stateOf(model));
    const file = await openSafetensors(bytesSource(bytes));
    await loadWeights(other, file);
    expect(saveState(other)).toEqual(saveState(model));
    await expect(loadWeights({ head: other.head }, file)).rejects.toThrow('unexpected pos_embed [1, 2]');
  });
});

describe('freeze', () => {
  it('holds the weights that match, and counts them as not trainable', () => {
    const model = new Model();
    freeze(model, 'blocks.1');
    freeze(model, /norm/);
    expect(parametersOf(model).map(({ name }) => name)).toEqual(
      names.filter((name) => name.startsWith('blocks.0.mlp') || name === 'head.weight'),
    );
    expect(countParameters(model)).toEqual({ total: 2 * (4 + 17) + 2, trainable: 17 + 2 });
    unfreeze(model);
    expect(countParameters(model).trainable).toBe(44);
  });

  it('refuses a pattern that matches nothing, and names what is similar', () => {
    expect(() => freeze(new Model(), 'block')).toThrow(/freeze: block matches none of the 13 weights.*blocks\.0/);
  });
});
