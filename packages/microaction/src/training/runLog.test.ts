import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RunLog, readRunLog } from './runLog.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('goes on where the checkpoint stands, without a line that was cut short', async () => {
  const path = join(folder, 'log.jsonl');
  expect(await readRunLog(path)).toEqual([]);
  const log = await RunLog.open(path, { afterSteps: -1 });
  for (const step of [0, 5, 10]) await log.add({ kind: 'event', step, event: 'something' });
  await appendFile(path, '{"kind":"step","st');
  expect((await readRunLog(path)).map(({ step }) => step)).toEqual([0, 5, 10]);
  const resumed = await RunLog.open(path, { afterSteps: 5 });
  await resumed.add({ kind: 'event', step: 6, event: 'resumed' });
  expect((await readRunLog(path)).map(({ step }) => step)).toEqual([0, 5, 6]);
  await RunLog.open(path, { afterSteps: -1 });
  expect(await readRunLog(path)).toEqual([]);
});
