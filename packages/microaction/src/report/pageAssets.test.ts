import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { joinModules, pageAssets } from './pageAssets.ts';

function joined(modules: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'modules-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(modules)) writeFileSync(join(folder, name), text);
  return joinModules(pathToFileURL(join(folder, 'main.ts')));
}

it('modules come after what they import, each once, without types', () => {
  const script = joined({
    'main.ts': "import { b } from './b.ts';\nimport { a } from './a.ts';\nresult = a + b;",
    'a.ts': 'export const a: number = 1;\nexport interface A { x: number }',
    'b.ts': "import type { A } from './a.ts';\nimport {\n  a,\n} from './a.ts';\nexport const b: A['x'] = a + 1;",
  });
  expect(new Function(`let result; ${script}; return result`)()).toBe(3);
});

it('modules that share a top-level name, or cannot be joined, are refused', () => {
  expect(() => joined({ 'main.ts': "import './a.ts';\nconst twice = 1;", 'a.ts': 'const twice = 2;' })).toThrow(
    '"twice"',
  );
  expect(() => joined({ 'main.ts': 'const a = 1;\nexport { a };' })).toThrow('export { a }');
});

it("the page's own script is one valid script that cannot end its element", () => {
  const { script, css } = pageAssets();
  expect(() => new Function(script)).not.toThrow();
  expect(script).not.toMatch(/<\/script|<!--/i);
  expect(css).not.toMatch(/<\/style|https?:/i);
});
