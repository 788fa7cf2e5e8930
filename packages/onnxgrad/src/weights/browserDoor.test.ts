import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { expect, it } from 'vitest';

it('the door to weights needs nothing of Node', async () => {
  const asked: string[] = [];
  const bundle = await rolldown({
    input: fileURLToPath(new URL('index.ts', import.meta.url)),
    platform: 'browser',
    external: (id) => id.startsWith('node:') && asked.push(id) > 0,
  });
  const { output } = await bundle.generate();
  await bundle.close();
  expect(output[0].exports).toContain('openWeights');
  expect(asked).toEqual([]);
});
