import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type TensorData, toHalf } from '../graph/tensorData.ts';
import { type ByteSource, bytesSource } from './byteSource.ts';
import { type OpenOptions, openTorch, openWeights } from './openWeights.ts';
import { asJson } from './pythonValues.ts';
import { readSafetensors } from './safetensors.ts';
import type { WeightsFile } from './weightsFile.ts';

const folder = new URL('../../test/weights/', import.meta.url);
const source = (name: string): ByteSource => bytesSource(readFileSync(new URL(name, folder)), name);
const open = (name: string, options = {}) => openWeights(source(name), options);
const views = readSafetensors(readFileSync(new URL('views.safetensors', folder))).tensors;
const small = new Map<string, TensorData>([
  ['w', { dtype: 'float32', shape: [2, 3], data: Float32Array.of(0, 0.25, 0.5, 0.75, 1, 1.25) }],
  ['n', { dtype: 'int64', shape: [], data: BigInt64Array.of(7n) }],
]);

describe.each(['views.pth', 'views_legacy.pth'])('%s, of tensors that lie in memory in all ways', (name) => {
  it('gives the numbers of each in C order: strided, shifted, repeated, widened', async () => {
    expect(await (await open(name)).readAll()).toEqual(views);
  });

  it('tells types and shapes without reading a number', async () => {
    const { entries } = await open(name);
    expect([...entries].map(([name, { dtype, shape }]) => [name, dtype, shape])).toEqual(
      [...views].map(([name, { dtype, shape }]) => [name, dtype, shape]),
    );
    expect(entries.get('bf16')?.stored).toBe('bfloat16');
    expect(entries.get('int16')?.stored).toBe('int16');
  });

  it('keeps tied weights one tensor, read and held once', async () => {
    const { entries } = await open(name);
    const [a, b] = [entries.get('tied.a')!, entries.get('tied.b')!];
    expect(a).toBe(b);
    const [first, second] = await Promise.all([a.read(), b.read()]);
    expect(first.data).toBe(second.data);
    expect((await a.read()).data).toBe(first.data);
  });

  it('reads of a tensor that is a part of a storage only that part', async () => {
    const reads: [number, number][] = [];
    const whole = source(name);
    const watched: ByteSource = {
      ...whole,
      read(offset, length) {
        reads.push([offset, length]);
        return whole.read(offset, length);
      },
    };
    const file = await openWeights(watched);
    reads.length = 0;
    await file.read('slice'); // two of the four rows of six
    expect(reads.at(-1)?.[1]).toBe(48);
    expect(reads.reduce((sum, [, length]) => sum + length, 0)).toBeLessThanOrEqual(48 + 30);
  });
});

describe('a checkpoint of PyTorch', () => {
  it.each(['small.pth', 'big_endian.pth', 'deflated.pth', 'without_checksums.pth'])('is read: %s', async (name) => {
    expect(await (await open(name)).readAll()).toEqual(small);
  });

  it('of protocol 5 is read, and unsigned 16-bit numbers are widened', async () => {
    const { entries } = await open('protocol5.pth');
    expect((await entries.get('half')!.read()).data).toEqual(views.get('half')?.data);
    expect((await entries.get('tied')!.read()).data).toEqual(views.get('tied.a')?.data);
    expect(await (await open('uint16.pth')).read('u16')).toEqual({
      dtype: 'int32',
      shape: [3],
      data: Int32Array.of(65533, 65534, 65535),
    });
  });

  it('of mmcv or mmengine gives its weights, and its settings as JSON', async () => {
    const file = await open('mm.pth');
    expect([...file.entries.keys()]).toEqual([
      'backbone.conv.weight',
      'backbone.bn.num_batches_tracked',
      'cls_head.fc.bias',
    ]);
    expect(file.layout).toBe('weights under state_dict');
    expect(file.metadata.meta).toMatchObject({
      epoch: 3,
      best: 0.5,
      config: 'model = dict()',
      CLASSES: ['nod', 'wave'],
      counter: { 20: 2, 30: 1 },
      cfg: { class: 'mmcv.utils.config.ConfigDict', entries: { type: 'Recognizer', dims: [1, 2] } },
      where: { class: 'pathlib.PurePosixPath', args: ['work', 'run'] },
      time: { class: 'datetime.datetime' },
    });
    expect(JSON.stringify(file.metadata.message_hub)).toContain('"_log_history":"array of shape (2)"');
  });

  it('of timm gives trained or averaged weights, without "module."', async () => {
    const [weights, ema] = [await open('timm.pth'), await open('timm.pth', { prefer: 'ema' })];
    expect(weights.layout).toBe(
      'weights under state_dict; names without "module."; also there: state_dict_ema (3 tensors)',
    );
    const halves = (file: WeightsFile) => file.read('cls_head.fc.bias').then(({ data }) => Array.from(data, Number));
    expect((await halves(weights)).map((value) => value / 2)).toEqual(await halves(ema));
    expect(weights.metadata).toMatchObject({ epoch: 4, args: { class: 'argparse.Namespace', state: { lr: 0.1 } } });
  });

  it('of two networks is not guessed, and read where it is told', async () => {
    await expect(open('two.pth')).rejects.toThrow(
      'it holds student (1 tensor), teacher (1 tensor); name one with "at"',
    );
    expect((await open('two.pth', { at: 'teacher' })).entries.size).toBe(1);
  });

  it('may hold arrays of NumPy', async () => {
    const file = await open('numpy.pth');
    expect(await file.readAll()).toEqual(
      new Map([['w', { dtype: 'float32', shape: [3, 2], data: Float32Array.of(0, 3, 1, 4, 2, 5) }]]),
    );
  });

  it('gives all it holds, not only weights', async () => {
    const { root } = await openTorch(source('mm.pth'));
    expect(asJson((root as Map<string, unknown>).get('optimizer'))).toMatchObject({
      state: { 0: { step: { tensor: 'float32', shape: [] } } },
      param_groups: [{ lr: 1e-3, betas: [0.9, 0.999], params: [0, 2] }],
    });
  });
});

describe('a checkpoint that is refused', () => {
  it.each([
    ['evil.pth', 'unsafe-pickle', 'the pickle calls os.system (as posix.system)'],
    ['evil_legacy.pth', 'unsafe-pickle', 'the pickle calls os.system (as posix.system)'],
    ['module.pth', 'unsafe-pickle', 'torch.nn.modules.linear.Linear: it holds a whole model'],
    ['quantised.pth', 'unsupported', 'quantised numbers (torch.QUInt8Storage)'],
    ['sparse.pth', 'unsupported', 'a sparse tensor'],
    ['complex.pth', 'unsupported', 'torch.ComplexFloatStorage'],
    ['float8.pth', 'unsupported', 'torch.float8_e4m3fn'],
    ['meta.pth', 'unsupported', 'on the device "meta"'],
    ['torchscript.pt', 'unsupported', 'a TorchScript program'],
    ['plain_pickle.pkl', 'bad-checkpoint', 'a pickle that torch.save did not write'],
  ])('is %s', async (name, code, message) => {
    await expect(open(name)).rejects.toMatchObject({
      name: 'WeightsError',
      code,
      message: expect.stringContaining(message),
    });
    await expect(open(name)).rejects.toThrow(name);
  });

  it('runs nothing: the file that its command would make is not there', async () => {
    await open('evil.pth').catch(() => {});
    const { entries } = await open('evil.pth', { unknownClasses: 'inert' });
    expect([...entries.keys()]).toEqual(['w']);
    expect(existsSync('PWNED') || existsSync(new URL('PWNED', folder))).toBe(false);
  });

  it('is the tar form of the first versions', async () => {
    const tar = new Uint8Array(1024);
    tar.set(new TextEncoder().encode('storages'));
    tar.set(new TextEncoder().encode('ustar'), 257);
    await expect(openWeights(bytesSource(tar, 'old.pth'))).rejects.toThrow('old.pth: found the tar form of PyTorch');
  });

  const legacy = (pickle: string, keys = ']', storages: readonly number[] = []) =>
    bytesSource(
      Uint8Array.from([
        ...Array.from(
          `\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}.\x80\x02${pickle}.\x80\x02${keys}.`,
          (one) => one.charCodeAt(0),
        ),
        ...storages,
      ]),
      'made.pth',
    );
  const storage = (elements: string) => `(Vstorage\nctorch\nFloatStorage\nV0\nVcpu\n${elements}NtQ`;
  const tensor = (elements: string, view: string) =>
    `}Vw\nctorch._utils\n_rebuild_tensor_v2\n(${storage(elements)}${view}I00\n}tRs`;
  const four = [4, 0, 0, 0, 0, 0, 0, 0, ...new Uint8Array(16)];

  it('is none where all is right', async () => {
    const file = await openWeights(legacy(tensor('K\x04', 'K\x01(K\x03t(K\x01t'), ']V0\na', four));
    expect(file.entries.get('w')?.shape).toEqual([3]);
  });

  it('is none where axes of one entry have strides beyond measure', async () => {
    const view = 'K\x01(K\x01K\x03K\x01t(J\xff\xff\xff\x7fK\x01J\xff\xff\xff\x7ft';
    const file = await openWeights(legacy(tensor('K\x04', view), ']V0\na', four));
    expect(await file.read('w')).toEqual({ dtype: 'float32', shape: [1, 3, 1], data: new Float32Array(3) });
  });

  it('is none in protocol 1 either, which has no mark of its own', async () => {
    const two = await legacy(tensor('K\x04', 'K\x00(K\x04t(K\x01t'), ']V0\na', four).read(0, 1000);
    const one = Buffer.concat([Buffer.from('L119547037146038801333356L\n.'), two.subarray(15)]);
    expect((await openWeights(bytesSource(one, 'one.pth'))).format).toBe('torch-legacy');
  });

  it.each([
    ['reaches beyond its storage', tensor('K\x04', 'K\x02(K\x03t(K\x01t'), 'reaches element 5 of 4'],
    ['is larger than its storage', tensor('K\x04', 'K\x00(J\x00\x00\x00\x40t(K\x01t'), 'reaches element'],
    [
      'repeats its storage without measure',
      tensor('K\x04', 'K\x00(J\x00\x00\x00\x40K\x02t(K\x00K\x00t'),
      'repeats the 16 bytes of its storage',
    ],
    ['has a negative stride', tensor('K\x04', 'K\x03(K\x03t(J\xff\xff\xff\xfft'), 'a tensor of no known form'],
    ['has a shape of no numbers', tensor('K\x04', 'K\x00(Nt(K\x01t'), 'a tensor of no known form'],
    ['has strides of another rank', tensor('K\x04', 'K\x00(K\x02t(K\x01K\x01t'), 'a tensor of no known form'],
    ['has no storage', '}Vw\nctorch._utils\n_rebuild_tensor_v2\n(K\x01K\x00))I00\n}tRs', 'a tensor of no known form'],
    [
      'has a storage of fewer than no elements',
      tensor('J\xff\xff\xff\xff', 'K\x00(K\x01t(K\x01t'),
      'no storage of PyTorch',
    ],
    [
      'has a storage of another length',
      tensor('K\x05', 'K\x00(K\x01t(K\x01t'),
      'storage 0 holds 16 bytes, expected 20',
    ],
  ])('has a tensor that %s', async (_, pickle, message) => {
    await expect(openWeights(legacy(pickle, ']V0\na', four))).rejects.toMatchObject({
      name: 'WeightsError',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ['lacks a storage', ']', four, 'storage 0 is not in the file'],
    ['has a storage too many', ']V0\naV1\na', [...four, ...four], 'storage "1" belongs to no tensor'],
    ['is cut off in a storage', ']V0\na', four.slice(0, -1), 'storage 0 is cut off'],
  ])('%s', async (_, keys, storages, message) => {
    await expect(openWeights(legacy(tensor('K\x04', 'K\x00(K\x04t(K\x01t'), keys, storages))).rejects.toThrow(message);
  });

  it('nests values deeper than any checkpoint does', async () => {
    const deep = `${']'.repeat(100_000)}${'a'.repeat(99_999)}`;
    await expect(openWeights(legacy(deep))).rejects.toThrow('nests values more than 500 deep');
  });

  it('has a storage shorter than its tensors say', async () => {
    const bytes = readFileSync(new URL('small.pth', folder));
    const at = bytes.indexOf(Buffer.from('cpuq\x06K\x06', 'latin1'));
    expect(at).toBeGreaterThan(0);
    bytes[at + 6] = 7;
    await expect(openWeights(bytesSource(bytes, 'small.pth'))).rejects.toMatchObject({ name: 'WeightsError' });
  });
});

const golden = new URL('../../../../../shared/golden/', import.meta.url);
describe.skipIf(!existsSync(golden))(
  'checkpoints as others wrote them (skipped where ../shared/golden is absent)',
  () => {
    const inGolden = (path: string) => readFileSync(new URL(path, golden));
    const official = (folder: string) => readSafetensors(inGolden(`${folder}/weights.safetensors`)).tensors;
    const opened = (path: string, options: OpenOptions = {}) => openWeights(bytesSource(inGolden(path), path), options);

    const cases: [path: string, folder: string, tensors: number, options: OpenOptions][] = [
      ['detection/actionformer_local/checkpoint_opentad.pth', 'detection/actionformer_local', 170, {}],
      ['detection/dyfadet/checkpoint_opentad.pth', 'detection/dyfadet', 209, {}],
      ['detection/mamba_dbm/checkpoint_opentad.pth', 'detection/mamba_dbm', 83, {}],
      ['detection/temporalmaxer/checkpoint_opentad.pth', 'detection/temporalmaxer', 38, {}],
      ['detection/tridet/checkpoint_opentad.pth', 'detection/tridet', 147, {}],
      ['detection/tadtr/checkpoint_opentad.pth', 'detection/tadtr', 153, {}],
      ['detection/mstct/checkpoint.pth', 'detection/mstct', 176, {}],
      ['detection/pointtad/checkpoint.pth', 'detection/pointtad', 167, {}],
      ['detection/re2tal_swin/checkpoint.pth', 'detection/re2tal_swin', 127, { prefix: 'backbone.' }],
      ['detection/vit_adapter_tia/checkpoint_legacy.pth', 'detection/vit_adapter_tia', 44, { prefix: 'backbone.' }],
      ['recognition/checkpoint_mmcv/manet_tiny_epoch_1.pth', 'recognition/manet_tiny', 151, {}],
      ['recognition/checkpoint_mmcv/ddp_prefixed_legacy.pth', 'recognition/manet_tiny', 6, {}],
    ];
    it.each(cases)('%s equals the official weights beside it', async (path, folder, tensors, options) => {
      const weights = official(folder);
      const found = await (await opened(path, options)).readAll();
      expect(found.size).toBe(tensors);
      for (const [name, tensor] of found) expect([name, tensor]).toEqual([name, weights.get(name)]);
    });

    it.each(['detection/actionformer_local', 'detection/vit_adapter_tia'])(
      '%s holds averaged weights, made as half of the others',
      async (folder) => {
        const path = `${folder}/checkpoint_opentad.pth`;
        const [weights, averaged] = [await opened(path), await opened(path, { prefer: 'ema' })];
        expect(averaged.layout).toContain('averaged weights under state_dict_ema');
        for (const [name, { dtype, data }] of await averaged.readAll()) {
          if (dtype === 'float32')
            expect(data).toEqual(((await weights.read(name)).data as Float32Array).map((one) => one / 2));
        }
      },
    );

    it('after a step of adapter tuning hold the frozen weights as they were', async () => {
      const path = 'detection/vit_adapter_tia/checkpoint_opentad.pth';
      const tuned = await (await opened(path, { prefix: 'backbone.model.backbone.' })).readAll();
      const weights = official('detection/vit_adapter_tia');
      expect([...tuned.keys()].sort()).toEqual([...weights.keys()].sort());
      for (const [name, tensor] of tuned) {
        if (!name.includes('adapter')) expect([name, tensor]).toEqual([name, weights.get(name)]);
      }
    });

    it('in half precision are the others, rounded', async () => {
      const half = await opened('detection/vit_tiny/checkpoint_half.pth');
      const single = await opened('detection/vit_tiny/checkpoint_videomae_original.pth');
      expect([half.layout, single.layout]).toEqual(['weights under model', 'weights under module']);
      for (const [name, { data }] of await half.readAll()) {
        expect([name, data]).toEqual([name, Uint16Array.from((await single.read(name)).data as Float32Array, toHalf)]);
      }
    });
  },
);
