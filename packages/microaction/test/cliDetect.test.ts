import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json } from '../src/annotation/formats/json.ts';
import { microActions52 } from '../src/taxonomy/microActions52.ts';
import { runCommand } from './runCommand.ts';

const clip = fileURLToPath(new URL('../../../../shared/clips/B3_0010_02_0101.mp4', import.meta.url));

describe.skipIf(!existsSync(clip))('microaction on a real clip (skipped where ../shared/clips is absent)', () => {
  let folder: string;
  const run = (...args: string[]) => runCommand(args, { cwd: folder });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-clip-'));
    for (const name of ['one.mp4', 'two.mp4', 'three.mp4']) await copyFile(clip, join(folder, name));
    await writeFile(join(folder, 'words.mp4'), 'no video');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('prints a table, and writes nothing', async () => {
    const before = await readdir(folder);
    const { exitCode, stdout } = await run('detect', 'one.mp4');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^one\.mp4 {2}1\.57 s, 1080 x 1296, 30 frames\/s\n\n *start +end +duration +code +action +body part +score +reason\n/,
    );
    expect(stdout).toMatch(/^ *\d+\.\d\d +\d+\.\d\d +\d+\.\d\d {2}[A-G]\d+ +.* [01]\.\d\d {2}\S/m);
    expect(await readdir(folder)).toEqual(before);
  });

  it('prints with --json one document that reads back, beside a video that fails', async () => {
    const { exitCode, stdout, stderr } = await run('detect', 'words.mp4', 'one.mp4', '--json', '--fps', '6');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^microaction: words\.mp4: /m);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ version: 1, model: 'kinematic', failed: [{ file: 'words.mp4' }] });
    expect(document.videos).toHaveLength(1);
    expect(document.videos[0]).toMatchObject({ file: 'one.mp4', width: 1080, height: 1296, fps: 30 });
    const { dataset } = json.read(stdout, { source: 'stdout', taxonomy: microActions52 });
    expect(json.write(dataset, { model: 'kinematic' })).toBe(stdout);
  });

  it('writes every format and the page under the name of the video, and nothing else', async () => {
    const out = join(folder, 'every');
    const formats = 'json,csv,tsv,eaf,boris,boris-events,opentad,mma52';
    const result = await run('detect', 'one.mp4', '--fps', '6', '--format', formats, '--report', '--out', 'every');
    expect(result).toMatchObject({ exitCode: 0, stdout: '' });
    const written = await readdir(out);
    const endings = 'boris boris-events.tsv csv eaf html json mma52.csv opentad.json tsv'.split(' ');
    expect(written.sort()).toEqual(endings.map((ending) => `one.${ending}`));
    for (const name of written) expect(result.stderr).toContain(` ${name}`);
    expect(result.stderr).toContain(' into every\n');
    expect(await readFile(join(out, 'one.html'), 'utf8')).toContain('../one.mp4');
    expect(JSON.parse(await readFile(join(out, 'one.json'), 'utf8')).videos[0].file).toBe('../one.mp4');
  });

  it('leaves what was whole, and nothing half-written, when Ctrl-C comes in the second of three videos', async () => {
    const out = join(folder, 'stopped');
    const { exitCode, stderr } = await runCommand(
      ['detect', 'one.mp4', 'two.mp4', 'three.mp4', '--fps', '6', '--format', 'json,csv', '--out', 'stopped'],
      {
        cwd: folder,
        started: (child) =>
          child.stderr?.on('data', (chunk: string) => {
            if (chunk.includes('[2/3] two.mp4: started')) setTimeout(() => child.kill('SIGINT'), 600);
          }),
      },
    );
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/microaction: stopped[^\n]*\n$/);
    expect(stderr).not.toContain('three.mp4');
    expect((await readdir(out)).sort()).toEqual(['one.csv', 'one.json']);
  });

  it('shows a demonstration of a given video in a folder of its own', async () => {
    const result = await runCommand(['demo', 'one.mp4'], { cwd: folder, env: { INIT_CWD: folder } });
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toMatch(/file:\/\/\/.*\/microaction-demo\/one\.html/);
    expect((await readdir(join(folder, 'microaction-demo'))).sort()).toEqual([
      'one.csv',
      'one.eaf',
      'one.html',
      'one.json',
    ]);
  });
});
