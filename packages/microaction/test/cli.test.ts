import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { microActions52 } from '../src/taxonomy/microActions52.ts';
import { commandPath, runCommand } from './runCommand.ts';

describe('microaction', () => {
  it('tells its commands with --help, and its version with --version', async () => {
    const help = await runCommand(['--help']);
    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    for (const { name } of commands) expect(help.stdout).toContain(`\n  ${name} `);
    expect(await runCommand(['--version'])).toEqual({ exitCode: 0, stdout: '0.1.0\n', stderr: '' });
  });

  it('shows its help and exits with 2 when it is told nothing', async () => {
    const { exitCode, stdout, stderr } = await runCommand([]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('Usage: microaction');
  });

  it.each([['an unknown command', ['detekt']] as const, ['an unknown option', ['actions', '--jsn']] as const])(
    'answers %s with one line and 2',
    async (_, args) => expectOneLine(await runCommand(args), 2, args.at(-1)!),
  );
});

const commands = [{ name: 'detect' }, { name: 'actions' }, { name: 'inspect' }, { name: 'demo' }];

describe.each(commands)('microaction $name', ({ name }) => {
  it('has --help and --version', async () => {
    const help = await runCommand([name, '--help']);
    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    expect(help.stdout).toContain(`Usage: microaction ${name}`);
    expect(await runCommand([name, '--version'])).toEqual({ exitCode: 0, stdout: '0.1.0\n', stderr: '' });
  });
});

describe('microaction actions', () => {
  let folder: string;
  const file = async (name: string, content: string) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microaction-cli-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('lists every action with its code, whole where the output is no terminal', async () => {
    const { exitCode, stdout, stderr } = await runCommand(['actions']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(53);
    for (const { code, name, description } of microActions52.actions) {
      const line = lines.find((line) => line.startsWith(`${code} `));
      expect(line).toContain(`  ${name}  `);
      expect(line?.endsWith(`  ${description}`)).toBe(true);
    }
  });

  it('prints as JSON what --taxonomy reads', async () => {
    const built = await runCommand(['actions', '--json']);
    expect(JSON.parse(built.stdout)).toEqual(microActions52.toJSON());
    const path = await file('own.json', built.stdout.replace('"nodding"', '"yes-nod"'));
    const own = await runCommand(['actions', '--taxonomy', path]);
    expect(own.stdout).toMatch(/^B1 +9 +yes-nod /m);
  });

  it.each([
    ['missing', 'missing.json', undefined],
    ['empty', 'empty.json', ''],
    ['no JSON', 'words.json', 'nodding'],
    ['no taxonomy', 'other.json', '{"actions":[]}'],
  ])('says in plain words that the taxonomy file is %s', async (_, name, content) => {
    const path = content === undefined ? join(folder, name) : await file(name, content);
    const result = await runCommand(['actions', '--taxonomy', path]);
    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expect(result.stderr).toMatch(/^microaction: /);
    expect(result.stderr).toContain(path);
    expect(result.stderr).not.toMatch(/bug|\bat .*:\d+:\d+/);
  });

  it.skipIf(process.platform === 'win32')('ends quietly when its reader goes away', async () => {
    const script = '"$0" "$1" actions | true; echo $PIPESTATUS';
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script, process.execPath, commandPath]);
    expect(stdout).toBe('0\n');
    expect(stderr).toBe('');
  });
});

function expectOneLine(
  { exitCode, stdout, stderr }: Awaited<ReturnType<typeof runCommand>>,
  code: number,
  naming: string,
) {
  expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
  expect(stderr).toMatch(/^microaction: [^\n]+\n$/);
  expect(stderr).toContain(naming);
}
