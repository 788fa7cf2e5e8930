import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const sources = fileURLToPath(new URL('.', import.meta.url));

/** What may not be imported, by the folder that would. Tests of whole pages serve them, so tests may. */
const forbidden: Readonly<Record<string, readonly string[]>> = {
  contract: ['server', 'web'],
  server: ['web'],
  web: ['server'],
};

/** Every relative import of a folder's files, as `file -> folder it leads into`. */
function arrowsOf(folder: string): { readonly file: string; readonly into: string }[] {
  const files = globSync(`${folder}/**/*.{ts,tsx}`, { cwd: sources });
  return files
    .filter((file) => !/(\.test|[a-z]Testing)\.tsx?$/.test(file))
    .flatMap((file) => {
      const imports = readFileSync(join(sources, file), 'utf8').matchAll(
        /(?:\bfrom|\bimport\(?)\s*['"](\.[^'"]+)['"]/g,
      );
      return [...imports].map(([, path]) => {
        const [into] = relative(sources, join(sources, dirname(file), path)).split(sep);
        return { file: file.replaceAll(sep, '/'), into };
      });
    });
}

describe('the folders of the studio', () => {
  it.each(Object.keys(forbidden))('%s imports only from where it may', (folder) => {
    const arrows = arrowsOf(folder);
    expect(arrows.length).toBeGreaterThan(10);
    expect(arrows.filter(({ into }) => forbidden[folder].includes(into))).toEqual([]);
  });
});
