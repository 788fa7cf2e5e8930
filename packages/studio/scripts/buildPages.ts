/**
 * Builds the pages of the studio into a folder, `dist/web` when none is named, and compresses what is text beside
 * itself (`x.js.br`, `x.js.gz`), so that the server need not. `--quick`: compresses less, for a checkout.
 *
 *     node scripts/buildPages.ts [FOLDER] [--quick]
 */
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { viteConfig } from '../src/web/viteConfig.ts';

const { values, positionals } = parseArgs({ options: { quick: { type: 'boolean' } }, allowPositionals: true });
const folder = positionals[0] ?? fileURLToPath(new URL('../dist/web', import.meta.url));

// React and Vite look at it while they are loaded.
process.env.NODE_ENV = 'production';
const { build } = await import('vite');
await build(viteConfig(folder));

const params = { [constants.BROTLI_PARAM_QUALITY]: values.quick ? 5 : 11 };
let compressedBytes = 0;
for (const file of globSync(`${folder}/**/*.{html,js,css,svg}`)) {
  const bytes = readFileSync(file);
  const brotli = brotliCompressSync(bytes, { params });
  writeFileSync(`${file}.br`, brotli);
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: values.quick ? 6 : 9 }));
  compressedBytes += brotli.length;
}
// The styles that the package's build copied beside the other sources are in the pages now.
rmSync(new URL('../dist/src/web', import.meta.url), { recursive: true, force: true });
console.log(`Pages: ${Math.round(compressedBytes / 1000)} kB compressed, in ${folder}`);
