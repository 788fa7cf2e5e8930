import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { openWeights } from '../src/weights/node.ts';

const folder = mkdtempSync(join(tmpdir(), 'onnxgrad-resume-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Trains in a process of its own: from nothing or from a checkpoint, to a step, and saves. */
function train(args: readonly string[]): void {
  const script = fileURLToPath(new URL('trainAndSave.ts', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
}

async function weightsOf(name: string): Promise<Record<string, unknown>> {
  await using file = await openWeights(join(folder, name));
  return Object.fromEntries(await file.readAll());
}

it('ends with the same bits whether training was interrupted or not: dropout, statistics, schedule, clipping and averages included', async () => {
  train(['--to', '12', '--save', join(folder, 'whole.safetensors')]);
  train(['--to', '5', '--save', join(folder, 'half.safetensors')]);
  train(['--from', join(folder, 'half.safetensors'), '--to', '12', '--save', join(folder, 'resumed.safetensors')]);
  const [whole, half, resumed] = await Promise.all(
    ['whole', 'half', 'resumed'].map((name) => weightsOf(`${name}.safetensors`)),
  );
  expect(resumed).toEqual(whole);
  expect(half).not.toEqual(whole);
});
