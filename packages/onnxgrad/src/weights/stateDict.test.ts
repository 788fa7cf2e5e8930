import { describe, expect, it } from 'vitest';
import { stateDictOf } from './stateDict.ts';
import { StoredTensor } from './storedTensor.ts';

const tensor = new StoredTensor('float32', [1], async () => Float32Array.of(1));
/** Maps in the form of objects, `w` for a tensor. */
const tree = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? new Map(Object.entries(value).map(([key, one]) => [key, tree(one)]))
    : value === 'w'
      ? tensor
      : value;
const weights = { 'a.weight': 'w', 'a.bias': 'w' };
const averaged = { 'a.weight': 'w', 'a.bias': 'w', 'b.bias': 'w' };
const distributed = { 'module.a.weight': 'w', 'module.a.bias': 'w' };

describe('the state dict of a checkpoint', () => {
  it.each([
    ['on top', weights, ''],
    ['under state_dict', { epoch: 3, state_dict: weights, optimizer: { state: { step: 'w' } } }, 'state_dict'],
    ['under model', { model: weights, model_ema: averaged }, 'model'],
    ['under module', { module: weights }, 'module'],
    ['under model_state', { model_state: weights, cfg: 'x' }, 'model_state'],
    ['deeper', { state: 1, model: { state_dict: weights } }, 'model.state_dict'],
    ['beside a stray tensor', { decay: 'w', epoch: 3, model: weights }, 'model'],
    ['under a name of its own', { backbone: weights }, 'backbone'],
    ['averaged only', { epoch: 1, state_dict_ema: weights }, 'state_dict_ema'],
    ['of parallel training', { state_dict: distributed }, 'state_dict'],
    ['of a compiled model', { '_orig_mod.module.a.weight': 'w', '_orig_mod.module.a.bias': 'w' }, ''],
  ])('is found %s', (_, root, path) => {
    const found = stateDictOf(tree(root));
    expect(found.path).toBe(path);
    expect([...found.tensors.keys()]).toEqual(['a.weight', 'a.bias']);
  });

  it.each([
    { state_dict: weights, state_dict_ema: averaged },
    { model: weights, model_ema: averaged },
    { model: weights, ema: { module: averaged } },
    { params: weights, params_ema: averaged },
  ])('is the moving average where that is preferred: %j', (root) => {
    expect(stateDictOf(tree(root), { prefer: 'ema' })).toMatchObject({ kind: 'ema', tensors: { size: 3 } });
    expect(stateDictOf(tree(root))).toMatchObject({ kind: 'weights', tensors: { size: 2 } });
  });

  it('falls back on the weights where there is no average, and says so', () => {
    const found = stateDictOf(tree({ state_dict: distributed }), { prefer: 'ema' });
    expect(found).toMatchObject({ kind: 'weights', stripped: 'module.' });
    expect(found.layout).toBe('weights under state_dict; names without "module."');
  });

  it('says what else there is', () => {
    expect(stateDictOf(tree({ model: weights, model_ema: averaged })).layout).toBe(
      'weights under model; also there: model_ema (3 tensors)',
    );
  });

  it('keeps "module." where not all names begin so', () => {
    const found = stateDictOf(tree({ 'module.a': 'w', b: 'w' }));
    expect([...found.tensors.keys()]).toEqual(['module.a', 'b']);
  });

  it('is taken from where it is told to be, and below a prefix', () => {
    const root = tree({
      state_dict: { 'backbone.a': 'w', 'backbone.b': 'w', 'head.a': 'w' },
      gan: { critic: weights },
    });
    expect([...stateDictOf(root, { prefix: 'backbone.' }).tensors.keys()]).toEqual(['a', 'b']);
    expect(stateDictOf(root, { at: 'gan.critic' }).tensors.size).toBe(2);
    expect(() => stateDictOf(root, { prefix: 'neck.' }, 'x.pth')).toThrow(
      'x.pth: no name begins with "neck."; names begin with "backbone.", "head."',
    );
    expect(() => stateDictOf(root, { at: 'gan' }, 'x.pth')).toThrow(
      'x.pth: found no tensors under "gan"; it holds state_dict (3 tensors), gan.critic (2 tensors)',
    );
  });

  it.each([
    ['nothing', null, 'found no tensors by name; is it a checkpoint of a model?'],
    ['settings alone', { epoch: 3 }, 'found no tensors by name'],
    [
      'several that are equal',
      { teacher: weights, student: averaged },
      'cannot tell which are the weights; it holds teacher',
    ],
  ])('is not guessed from %s', (_, root, message) => {
    expect(() => stateDictOf(tree(root))).toThrow(message);
  });

  it('is found in a structure that holds itself', () => {
    const root = tree({ state_dict: weights }) as Map<string, unknown>;
    root.set('again', root);
    expect(stateDictOf(root).path).toBe('state_dict');
  });
});
