import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { saveState } from 'onnxgrad/nn';
import { writeSafetensors } from 'onnxgrad/weights';
import { openWeights } from 'onnxgrad/weights/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toyMicroActions, toyRecogniser } from '../src/inference/recognition/toyRecogniserTesting.ts';
import { runCommand } from './runCommand.ts';
import { makeVideo, steadyTimes } from './testVideo.ts';

let folder: string;
const checkpoint = (name: string) => fileURLToPath(new URL(`../../onnxgrad/test/weights/${name}`, import.meta.url));
const inspect = (...args: string[]) => runCommand(['weights', 'inspect', ...args], { cwd: folder });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microaction-weights-'));
  const tensors = new Map([
    ['fc.weight', { dtype: 'float32', shape: [52, 1000], data: new Float32Array(52_000) } as const],
    ['fc.bias', { dtype: 'float16', shape: [52], data: new Uint16Array(52) } as const],
    ['steps', { dtype: 'int64', shape: [], data: BigInt64Array.of(9n) } as const],
  ]);
  await writeFile(join(folder, 'w.safetensors'), writeSafetensors(tensors, { epoch: '3' }));
});
afterAll(() => rm(folder, { recursive: true }));

describe('microaction weights inspect', () => {
  it('lists names, types and shapes below the totals, aligned', async () => {
    expect(await inspect('w.safetensors')).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: `w.safetensors
  format      safetensors
  tensors     3
  parameters  52,053
  size        208,112 bytes
  metadata    epoch

tensor     dtype    shape      elements
fc.weight  float32  52 x 1000    52,000
fc.bias    float16  52               52
steps      int64    scalar            1
`,
    });
  });

  it('prints as JSON the same and more', async () => {
    const { exitCode, stdout } = await inspect('w.safetensors', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      file: 'w.safetensors',
      format: 'safetensors',
      parameters: 52_053,
      bytes: 208_112,
      metadata: { epoch: '3' },
      tensors: [
        { name: 'fc.weight', dtype: 'float32', shape: [52, 1000], bytes: 208_000 },
        { name: 'fc.bias', dtype: 'float16', shape: [52], bytes: 104 },
        { name: 'steps', dtype: 'int64', shape: [], bytes: 8 },
      ],
    });
  });

  it('says where in a checkpoint the weights were found, and takes the averaged ones with --ema', async () => {
    const { stdout } = await inspect(checkpoint('timm.pth'));
    expect(stdout).toContain('  format      PyTorch checkpoint (zip)\n');
    expect(stdout).toContain(
      'weights under state_dict; names without "module."; also there: state_dict_ema (3 tensors)',
    );
    expect((await inspect(checkpoint('timm.pth'), '--ema')).stdout).toContain('averaged weights under state_dict_ema;');
  });

  it('counts tied weights once, and tells types as they are stored', async () => {
    const { stdout } = await inspect(checkpoint('views.pth'));
    expect(stdout).toContain('22, 1 of them another name for the same numbers');
    expect(stdout).toMatch(/^bf16 +bfloat16 +5 +5$/m);
  });

  it.each([
    ['evil.pth', 'the pickle calls os.system'],
    ['evil_legacy.pth', 'the pickle calls os.system'],
    ['two.pth', 'name one with'],
    ['sparse.pth', 'a sparse tensor'],
    ['README.md', 'found none of safetensors, .npy, .npz and PyTorch checkpoints'],
    ['missing.pth', 'there is no such file'],
    ['.', 'it is a folder'],
  ])('refuses %s in one line, and runs nothing', async (name, message) => {
    const { exitCode, stdout, stderr } = await inspect(checkpoint(name), '--json');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/^microaction: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('bug');
    expect(existsSync(join(folder, 'PWNED'))).toBe(false);
  });

  it('passes over what it does not know with --lenient, still running nothing', async () => {
    const { exitCode, stdout } = await inspect(checkpoint('evil.pth'), '--lenient');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^w +float32 +2 +2$/m);
    expect(existsSync(join(folder, 'PWNED'))).toBe(false);
  });

  it('reads weights from where --at says', async () => {
    expect((await inspect(checkpoint('two.pth'), '--at', 'teacher')).stdout).toContain('weights under teacher');
  });

  it('has --help, and exits with 2 when used wrongly', async () => {
    expect((await inspect('--help')).stdout).toContain('Usage: microaction weights inspect');
    expect(await inspect()).toMatchObject({ exitCode: 2, stdout: '' });
  });
});

describe('microaction weights convert', () => {
  const convert = (...args: string[]) => runCommand(['weights', 'convert', ...args], { cwd: folder });
  const small = ['--recipe', 'manet', '--set', 'model.width=4', '--set', 'model.depths=[1,1,1,1]'];

  it('makes of weights in published names a model that recognizes', async () => {
    const state = saveState(toyRecogniser(toyMicroActions));
    const published = new Map(Array.from(state, ([name, tensor]) => [`module.${name}`, tensor]));
    await writeFile(join(folder, 'published.safetensors'), writeSafetensors(published, {}));
    const args = [...small, '--set', 'data.sizePixels=32', '--set', 'data.shortSidePixels=40'];
    const converted = await convert('published.safetensors', ...args, '--out', 'manet.safetensors');
    expect(converted).toMatchObject({ exitCode: 0, stdout: '' });
    expect(converted.stderr).toMatch(/^published\.safetensors: \d+ tensors loaded, .*\nwrote manet\.safetensors\n$/);
    await using file = await openWeights(join(folder, 'manet.safetensors'));
    const tensors = await file.readAll();
    for (const [name, { data }] of state) expect(tensors.get(name)?.data, name).toEqual(data);

    const clip = join(folder, 'clip.mp4');
    await makeVideo(clip, {
      width: 48,
      height: 48,
      timesMs: steadyTimes(12, 24),
      paint: (frame) => [9 * frame, 128, 90],
    });
    const found = await runCommand(['recognize', clip, '--model', 'manet.safetensors', '--json'], { cwd: folder });
    expect(JSON.parse(found.stdout)).toMatchObject({
      model: 'manet',
      clips: [{ actions: [{ id: expect.any(Number) }, {}, {}, {}, {}] }],
    });
  });

  it('lists what does not fit the recipe, and writes nothing', async () => {
    const { exitCode, stderr } = await convert('published.safetensors', '--recipe', 'manet', '--out', 'no.safetensors');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^microaction: published\.safetensors: [\s\S]*backbone\.layer1\.1\.conv1\.conv/);
    expect(await readdir(folder)).not.toContain('no.safetensors');
    expect((await convert('w.safetensors', ...small, '--out', 'no.onnx')).stderr).toContain('ends in .safetensors');
    expect((await convert('w.safetensors', ...small, '--out', 'no.safetensors')).stderr).toContain('fc.weight');
  });
});
