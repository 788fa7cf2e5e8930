import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandResult, runCommand } from './runCommand.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microaction-cli-studio-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Running {
  /** The link that it printed. */
  readonly url: string;
  readonly child: ChildProcess;
  readonly result: Promise<CommandResult>;
}

function started(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Running> {
  return new Promise((resolve, reject) => {
    const result = runCommand(['studio', '--no-open', '--port', '0', ...args], {
      cwd: folder,
      env,
      started: (child) => {
        let text = '';
        child.stdout?.on('data', (chunk) => {
          text += chunk;
          const [url] = /http:\S+/.exec(text) ?? [];
          if (url && text.includes('Ctrl-C')) resolve({ url, child, result });
        });
      },
    });
    result.then(({ stderr }) => reject(new Error(`It ended: ${stderr}`)), reject);
  });
}

describe('microaction studio', () => {
  it('serves a folder that it makes, prints the link, and ends well at Ctrl-C', async () => {
    const { url, child, result } = await started(['--data', 'videos']);
    const { origin } = new URL(url);
    const opened = await fetch(url, { redirect: 'manual' });
    expect(opened.status).toBe(303);
    const headers = { cookie: opened.headers.getSetCookie()[0].split(';')[0] };
    expect(await (await fetch(`${origin}/api/session`, { headers })).json()).toMatchObject({ account: { name: 'me' } });
    child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await result;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(join(folder, 'videos'));
    expect(stdout).toMatch(/everything is saved\.\n$/);
  });

  it('keeps videos and codings in the home folder where no folder is named', async () => {
    const { child, result } = await started([], { HOME: folder, USERPROFILE: folder });
    child.kill('SIGTERM');
    expect((await result).stdout).toContain(join(folder, 'microaction-studio'));
  });

  it('refuses a folder that is served already, in one line', async () => {
    const first = await started(['--data', 'shared']);
    const second = await runCommand(['studio', '--data', 'shared', '--no-open'], { cwd: folder });
    first.child.kill('SIGINT');
    await first.result;
    expect(second).toMatchObject({ exitCode: 1, stdout: '' });
    expect(second.stderr).toMatch(/^microaction: .*shared is served already, by process \d+ at http:\S+\. [^\n]*\n$/);
  });

  it('refuses to be open to others before anybody has a password', async () => {
    const { exitCode, stderr } = await runCommand(['studio', '--data', 'open', '--host', '0.0.0.0'], { cwd: folder });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^microaction: At 0\.0\.0\.0 others in the network could reach .*nobody has a password/);
  });

  it('asks for accounts too where a name says that others reach it through something else', async () => {
    const name = ['--name', 'studio.lab.example'];
    const { exitCode, stderr } = await runCommand(['studio', '--data', 'named', ...name, '--https'], { cwd: folder });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^microaction: At studio\.lab\.example others .* without --name, /);
    const address = await runCommand(['studio', '--name', 'https://studio.lab.example'], { cwd: folder });
    expect(address.exitCode).toBe(2);
    expect(address.stderr).toContain('without http:// and port');
  });

  it('refuses a port that is none with 2, and a folder that is a file with 1', async () => {
    const { exitCode, stderr } = await runCommand(['studio', '--port', '70000'], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Expected a whole number from 0 (any free port) to 65535');
    await writeFile(join(folder, 'file.txt'), '');
    const file = await runCommand(['studio', '--data', 'file.txt'], { cwd: folder });
    expect(file.exitCode).toBe(1);
    expect(file.stderr).toMatch(/^microaction: .*file\.txt: cannot be written: .*choose another path\n$/);
  });
});
