import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fromHalf, numbersOf, type TensorData, toHalf } from 'onnxgrad';
import { Initializer, saveState } from 'onnxgrad/nn';
import { openWeights } from 'onnxgrad/weights/node';
import { describe, expect, it } from 'vitest';
import { FrameRecogniser, type FrameRecogniserOptions } from './frameRecogniser.ts';
import { loadInitialRecogniser, loadRecogniser } from './loadRecogniser.ts';

type Tensors = Map<string, TensorData>;

const make = (kind: FrameRecogniserOptions['kind'], seed: number, options: Partial<FrameRecogniserOptions> = {}) =>
  new FrameRecogniser(
    { kind, classes: 5, width: 8, depths: [1, 2, 1, 1], vectorLength: 7, ...options },
    new Initializer(seed),
  );

describe('trained recognisers', () => {
  it('load whole, of parallel training, in half precision, with weights that nothing uses', () => {
    const [trained, model] = [make('manet', 1), make('manet', 2)];
    const unused = 'module.backbone.layer1.0.conv1.conv.action_p2_squeeze.weight';
    const file = new Map([
      ...renamed(saveState(trained), (name) => `module.${name}`),
      [unused, halved(saveState(model).get('cls_head.fc_cls.weight') as TensorData)],
    ]);
    for (const [name, tensor] of file) if (tensor.dtype === 'float32') file.set(name, halved(tensor));
    const { layout, loaded, fresh, dropped } = loadRecogniser(model, file);
    expect({ layout, loaded, fresh, dropped }).toEqual({
      layout: 'mmaction2',
      loaded: saveState(model).size,
      fresh: [],
      dropped: [unused.replace('module.', '')],
    });
    for (const [name, tensor] of saveState(trained)) {
      expect(numbersOf(saveState(model).get(name) as TensorData), name).toEqual(
        numbersOf(tensor).map((value) => (tensor.dtype === 'float32' ? fromHalf(toHalf(value)) : value)),
      );
    }
  });

  it('do not load for other classes, nor with a name that is wrong, and nothing changes then', () => {
    const model = make('tsm', 2);
    const before = saveState(model);
    expect(() => loadRecogniser(model, saveState(make('tsm', 1, { classes: 400 })))).toThrow(
      'shape      cls_head.fc_cls.weight: expected [5, 256], got [400, 256]',
    );
    const misspelt = renamed(saveState(make('tsm', 1)), (name) =>
      name.replace('layer3.0.conv2.bn.bias', 'layer3.0.conv2.bn.bais'),
    );
    expect(() => loadRecogniser(model, misspelt)).toThrow(
      /missing {4}backbone\.layer3\.0\.conv2\.bn\.bias \[32\]\s+unexpected backbone\.layer3\.0\.conv2\.bn\.bais \[32\], closest to backbone\.layer3\.0\.conv2\.bn\.bias/,
    );
    expect(saveState(model)).toEqual(before);
  });

  it('are told from what is no recogniser', () => {
    const detector = new Map([
      ['rpn_head.cls_head.weight', saveState(make('tsn', 1)).get('cls_head.fc_cls.weight') as TensorData],
    ]);
    expect(() => loadRecogniser(make('tsn', 1), detector)).toThrow(
      'these are no weights of a recogniser: found 1 tensors (rpn_head.cls_head.weight, ...); expected one of: ',
    );
  });
});

describe('initial weights', () => {
  it.each(['tsn', 'tsm', 'manet'] as const)("%s begins with torchvision's ResNet", (kind) => {
    const published = torchvision(saveState(make('tsn', 1)));
    const model = make(kind, 2);
    const before = saveState(model);
    const { layout, fresh, dropped } = loadInitialRecogniser(model, published);
    expect(layout).toContain('torchvision');
    expect(dropped).toEqual(['fc.weight', 'fc.bias']);
    expect(fresh.every((name) => /^cls_head\.|\.fcce\./.test(name))).toBe(true);
    expect(fresh.length).toBe({ tsn: 2, tsm: 2, manet: 6 + 2 * 5 }[kind]);
    const net = kind === 'tsn' ? 'conv' : 'conv.net';
    const after = saveState(model);
    expect(after.get(`backbone.layer2.1.conv1.${net}.weight`)).toEqual(published.get('layer2.1.conv1.weight'));
    expect(after.get('backbone.layer4.0.downsample.bn.running_var')).toEqual(
      published.get('layer4.0.downsample.1.running_var'),
    );
    expect(after.get('cls_head.fc_cls.weight')).toEqual(before.get('cls_head.fc_cls.weight'));
  });

  it('take the backbone of a recogniser for other classes, and what fits of its head', () => {
    const model = make('manet', 2);
    const { fresh, dropped } = loadInitialRecogniser(model, saveState(make('manet', 1, { classes: 400 })));
    expect(dropped).toEqual(['cls_head.fc_cls.weight', 'cls_head.fc_cls.bias']);
    expect(fresh).toEqual(dropped);
    const gated = loadInitialRecogniser(make('tsm', 2), saveState(make('manet', 1)));
    expect(gated.dropped).toHaveLength(4 + 2 * 5);
    expect(gated.fresh).toEqual([]);
  });

  it('take a backbone alone', () => {
    const backbone = renamed(saveState(make('tsn', 1).backbone), (name) => name);
    const { loaded, fresh } = loadInitialRecogniser(make('tsm', 2), backbone);
    expect({ loaded, fresh }).toEqual({
      loaded: backbone.size,
      fresh: ['cls_head.fc_cls.weight', 'cls_head.fc_cls.bias'],
    });
  });

  it('do not take another network, and list all that does not fit', () => {
    const deeper = torchvision(saveState(make('tsn', 1, { depths: [1, 2, 2, 1] })));
    expect(() => loadInitialRecogniser(make('tsm', 2), deeper)).toThrow(
      /unexpected backbone\.layer3\.1\.conv1\.conv\.weight/,
    );
    const shallower = torchvision(saveState(make('tsn', 1, { depths: [1, 1, 1, 1] })));
    expect(() => loadInitialRecogniser(make('tsm', 2), shallower)).toThrow(
      /missing {4}backbone\.layer2\.1\.conv3\.bn\.weight/,
    );
  });
});

const golden = new URL('../../../../../../shared/golden/recognition/', import.meta.url);

it.skipIf(!existsSync(golden))('a checkpoint that mmcv saved loads (skipped without shared/golden)', async () => {
  await using file = await openWeights(fileURLToPath(new URL('checkpoint_mmcv/manet_tiny_epoch_1.pth', golden)));
  const model = make('manet', 1, { classes: 52, vectorLength: 300 });
  const { loaded, fresh, dropped } = loadRecogniser(model, await file.readAll());
  expect({ loaded, fresh, dropped: dropped.length }).toEqual({
    loaded: saveState(model).size,
    fresh: [],
    dropped: 3 * 5,
  });
  await using weights = await openWeights(fileURLToPath(new URL('manet_tiny/weights.safetensors', golden)));
  const official = await weights.readAll();
  for (const [name, { data }] of saveState(model)) expect(data, name).toEqual(official.get(name)?.data);
});

// ---- below: internals ----

const renamed = (tensors: Tensors, rename: (name: string) => string): Tensors =>
  new Map(Array.from(tensors, ([name, tensor]) => [rename(name), tensor]));

const halved = (tensor: TensorData): TensorData => ({
  dtype: 'float16',
  shape: tensor.shape,
  data: Uint16Array.from(numbersOf(tensor), toHalf),
});

/** As torchvision names a ResNet over pictures. */
const torchvision = (tensors: Tensors): Tensors =>
  renamed(tensors, (name) =>
    name
      .replace(/^backbone\./, '')
      .replace(/^cls_head\.fc_cls\./, 'fc.')
      .replace(/downsample\.conv\./, 'downsample.0.')
      .replace(/downsample\.bn\./, 'downsample.1.')
      .replace(/conv(\d)\.bn\./, 'bn$1.')
      .replace(/conv(\d)\.conv\./, 'conv$1.'),
  );
