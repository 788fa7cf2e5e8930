/** Serves the page in which the classifier is trained: `node serve.ts [PORT]`. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { servePage } from './servePage.ts';

export const examplePage = {
  html: readFileSync(new URL('./page/index.html', import.meta.url), 'utf8'),
  script: fileURLToPath(new URL('./page/page.ts', import.meta.url)),
};

if (import.meta.main) {
  const { url } = await servePage({ ...examplePage, port: Number(process.argv[2] ?? 0) });
  console.log(`Open ${url}  (Ctrl+C stops)`);
}
