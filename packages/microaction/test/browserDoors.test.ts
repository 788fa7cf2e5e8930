import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('..', import.meta.url));
const nodeOnly = ['./node', './video', './files', './plots/node', './package.json', './schemas/*'];

describe('what a browser loads', () => {
  for (const [door, path] of Object.entries(manifest.exports)) {
    if (nodeOnly.includes(door)) continue;
    it(`needs nothing of Node behind ${door}`, async () => {
      const asked = new Set<string>();
      const bundle = await rolldown({
        input: root + path,
        platform: 'browser',
        external: (id) => {
          if (/^node:|^node-av|^onnxruntime-node|^sharp/.test(id)) asked.add(id);
          return asked.has(id);
        },
      });
      await bundle.generate();
      await bundle.close();
      expect([...asked]).toEqual([]);
    });
  }
});
