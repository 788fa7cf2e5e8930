import { fileURLToPath } from 'node:url';
import { type OutputChunk, rolldown } from 'rolldown';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../../', import.meta.url));
const doors = Object.keys(manifest.exports).filter((door) => !['./weights/node', './package.json'].includes(door));

describe('what bundlers make of onnxgrad for browsers', () => {
  for (const door of doors) {
    it(`needs nothing of Node behind ${door}`, async () => {
      const { foreign } = await bundled(`export * from 'onnxgrad${door.slice(1)}'`);
      expect(foreign).toEqual([]);
    });
  }

  it('loads no engine before one is needed, and then one for the device', async () => {
    const { chunks } = await bundled(`export * from 'onnxgrad'`);
    const [entry] = chunks.filter(({ isEntry }) => isEntry);
    expect(modulesOf(entry).filter((id) => id.includes('onnxruntime'))).toEqual(['src/runtime/onnxruntime.web.ts']);
    const engines = chunks.filter((chunk) =>
      modulesOf(chunk).some((id) => id.includes('node_modules/onnxruntime-web')),
    );
    expect(engines.map((chunk) => modulesOf(chunk).filter((id) => /\/ort\.\w+/.test(id)).length)).toEqual([1, 1]);
    expect(entry.imports.filter((name) => engines.some(({ fileName }) => fileName === name))).toEqual([]);
  });

  it('leaves out what nobody imports', async () => {
    const { chunks } = await bundled(`export { compile, input, matmul } from 'onnxgrad'`);
    const kept = chunks.flatMap(modulesOf);
    expect(kept).toContain('src/ops/matmul.ts');
    const unneeded = /src\/(nn|optim|weights|grad)\/|ops\/(convolution|pooling|attention|gather|softmax)/;
    expect(kept.filter((id) => unneeded.test(id))).toEqual([]);
  });
});

/** Bundles a line of code that imports the package, and lists what it would have to get from elsewhere. */
async function bundled(code: string): Promise<{ chunks: OutputChunk[]; foreign: string[] }> {
  const foreign = new Set<string>();
  const entry = `${root}entry.js`;
  const bundle = await rolldown({
    input: entry,
    platform: 'browser',
    plugins: [
      { name: 'entry', resolveId: (id) => (id === entry ? id : null), load: (id) => (id === entry ? code : null) },
    ],
    external: (id) => {
      if (/^node:|^onnxruntime-node|^microaction/.test(id)) foreign.add(id);
      return foreign.has(id);
    },
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  await bundle.close();
  return { chunks: output.filter((file) => file.type === 'chunk'), foreign: [...foreign] };
}

/** The modules of which something is left, by their paths in the package where they are its own. */
function modulesOf({ modules }: OutputChunk): string[] {
  return Object.entries(modules).flatMap(([id, { renderedLength }]) =>
    renderedLength > 0 ? [id.replaceAll('\\', '/').replace(root.replaceAll('\\', '/'), '')] : [],
  );
}
