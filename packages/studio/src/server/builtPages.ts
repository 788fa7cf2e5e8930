import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { UserError } from 'microaction';

/**
 * Builds the pages of a checkout unless those sources were built before, in a process of its own: building wants other
 * settings, and the server goes on answering.
 *
 * @returns the folder, in `node_modules/.cache`
 * @throws UserError `pages-not-built`
 */
export async function builtPages(): Promise<string> {
  const cache = join(packageFolder, 'node_modules', '.cache', 'pages');
  const folder = join(cache, stateOfSources());
  if (existsSync(folder)) return folder;
  const building = `${folder}.${process.pid}`;
  await runScript(join(packageFolder, 'scripts', 'buildPages.ts'), [building, '--quick']);
  if (!moved(building, folder)) rmSync(building, { recursive: true, force: true });
  for (const old of readdirSync(cache)) {
    if (!folder.endsWith(old) && !old.includes('.')) rmSync(join(cache, old), { recursive: true, force: true });
  }
  return folder;
}

// ---- below: internals ----

const packageFolder = fileURLToPath(new URL('../..', import.meta.url));

/** Names, sizes and times of all that goes into the pages. */
function stateOfSources(): string {
  const sources = ['src/**/*', '../microaction/src/**/*.ts', 'scripts/*', 'package.json'];
  const states = globSync(sources, { cwd: packageFolder })
    .filter((name) => !name.endsWith('.test.ts'))
    .sort()
    .map((name) => {
      const { size, mtimeMs } = statSync(join(packageFolder, name));
      return `${name} ${size} ${mtimeMs}`;
    });
  return createHash('sha256').update(states.join('\n')).digest('hex').slice(0, 24);
}

/** False where another process was quicker. */
function moved(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (existsSync(to)) return false;
    throw error;
  }
}

function runScript(script: string, words: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [script, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else {
        // The bundler colours its excerpts of sources whatever it is told.
        const told = `The pages could not be built from the sources.\n${stripVTControlCharacters(complaint)}`;
        reject(new UserError('pages-not-built', told));
      }
    });
  });
}
