import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandResult, runCommand } from './runCommand.ts';

let folder: string;
const run = (...args: string[]) => runCommand(args, { cwd: folder });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microaction-bad-'));
  await mkdir(join(folder, 'folder.mp4'));
  await writeFile(join(folder, 'empty.mp4'), '');
  await writeFile(join(folder, 'words.mp4'), 'A nod is as good as a wink.\n'.repeat(100));
  await writeFile(join(folder, 'sound.mp4'), silentWav(8000));
});
afterAll(() => rm(folder, { recursive: true }));

describe('microaction detect, used wrongly', () => {
  it.each([
    [['detect'], 'video'],
    [['detect', 'a.mp4', '--colour'], '--colour'],
    [['detect', 'a.mp4', '--fps', '0'], 'above 0 and at most 60'],
    [['detect', 'a.mp4', '--fps', '15fps'], 'above 0 and at most 60'],
    [['detect', 'a.mp4', '--min-score', '1.5'], 'from 0 to 1'],
    [['detect', 'a.mp4', '--min-score', '0,5'], 'from 0 to 1'],
    [['detect', 'a.mp4', '--threads', '1.5'], 'whole number'],
    [['detect', 'a.mp4', '--person', '10,10,0,20'], 'X,Y,W,H'],
    [['detect', 'a.mp4', '--format', 'json,xml'], 'known: json, csv, tsv, eaf, boris, boris-events, opentad, mma52'],
    [['detect', 'a.mp4', '--model', 'best'], 'known: kinematic'],
  ])('%j says what was expected and exits with 2', async (args, expected) => {
    const result = await run(...args);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expectOneLine(result, expected);
  });
});

const badFiles = [
  ['missing.mp4', 'no such file'],
  ['folder.mp4', 'directory'],
  ['empty.mp4', 'empty'],
  ['words.mp4', 'not a video'],
  ['sound.mp4', 'no video track'],
] as const;

describe.each(badFiles)('%s', (file, what) => {
  it.each(['detect', 'inspect'])('fails in %s with one line that names it and says what it is', async (command) => {
    const result = await run(command, file, ...(command === 'detect' ? ['--quiet'] : []));
    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expectOneLine(result, `${file}: `);
    expect(result.stderr).toContain(what);
  });
});

describe('videos that all fail', () => {
  it.each(['detect', 'inspect'])('are listed by %s --json, each told in one line', async (command) => {
    const files = badFiles.map(([file]) => file);
    const { exitCode, stdout, stderr } = await run(
      command,
      ...files,
      '--json',
      ...(command === 'detect' ? ['--quiet'] : []),
    );
    expect(exitCode).toBe(1);
    expect(stderr.trimEnd().split('\n')).toHaveLength(files.length);
    const document = JSON.parse(stdout);
    expect(document.videos).toEqual([]);
    expect(document.failed.map((entry: { file: string }) => entry.file)).toEqual(files);
  });
});

describe('a place that cannot be written to', () => {
  it('fails before the first video is looked at', async () => {
    const result = await run('detect', 'missing.mp4', 'words.mp4', '--out', 'words.mp4/below');
    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expectOneLine(result, 'words.mp4/below: cannot be written to');
  });

  it('is a file that is there already, unless --overwrite is given', async () => {
    await mkdir(join(folder, 'coded'));
    await writeFile(join(folder, 'coded', 'words.eaf'), 'corrected by hand');
    const args = ['detect', 'words.mp4', '--format', 'csv,eaf', '--out', 'coded', '--quiet'];
    const refused = await run(...args);
    expect(refused.exitCode).toBe(1);
    expectOneLine(refused, '--overwrite');
    expect(refused.stderr).toContain(join('coded', 'words.eaf'));
    // Now it is the video that fails.
    expectOneLine(await run(...args, '--overwrite'), 'not a video');
    expect(await readdir(join(folder, 'coded'))).toEqual(['words.eaf']);
  });
});

describe('progress where there is no terminal', () => {
  it('is a line when a video begins; --quiet leaves only the failure', async () => {
    const loud = await run('detect', 'missing.mp4', 'words.mp4');
    expect(loud.stderr).toMatch(
      /^\[1\/2\] missing\.mp4: started\nmicroaction: .*\n\[2\/2\] words\.mp4: started\nmicro/,
    );
    const quiet = await run('detect', 'missing.mp4', '--quiet');
    expect(quiet.stderr).not.toContain('started');
  });
});

function expectOneLine({ stderr }: CommandResult, part: string): void {
  expect(stderr).toMatch(/^microaction: [^\n]+\n$/);
  expect(stderr).toContain(part);
  expect(stderr).not.toMatch(/this is a bug/);
}

/** A sound file of 8-bit silence. */
function silentWav(samples: number): Uint8Array {
  const bytes = Buffer.alloc(44 + samples, 128);
  bytes.write('RIFF');
  bytes.writeUInt32LE(36 + samples, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20); // PCM
  bytes.writeUInt16LE(1, 22); // one channel
  bytes.writeUInt32LE(8000, 24); // samples per second
  bytes.writeUInt32LE(8000, 28); // bytes per second
  bytes.writeUInt16LE(1, 32); // bytes per sample
  bytes.writeUInt16LE(8, 34); // bits per sample
  bytes.write('data', 36);
  bytes.writeUInt32LE(samples, 40);
  return bytes;
}
