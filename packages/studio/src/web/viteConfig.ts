import { fileURLToPath } from 'node:url';
import type { InlineConfig } from 'vite';

/** How the pages are built: hashed names, nothing inlined, since the content security policy allows neither. */
export const viteConfig = (outDir: string): InlineConfig => ({
  configFile: false,
  root: fileURLToPath(new URL('.', import.meta.url)),
  mode: 'production',
  logLevel: 'error',
  build: {
    outDir,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Those of the libraries that the pages hold ask to travel with them.
    license: { fileName: 'licences.md' },
  },
});
