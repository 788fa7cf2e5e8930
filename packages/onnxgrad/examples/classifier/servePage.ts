import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

export interface PageOptions {
  /** The page; it loads its script as `page.js`. */
  readonly html: string;
  /** Path of the script's TypeScript, which is bundled here and now. */
  readonly script: string;
  /** 0, unless given, takes one that is free. */
  readonly port?: number;
  /** Whether the page is cut off from other origins (COOP and COEP), without which browsers give no threads; yes unless told. */
  readonly isolated?: boolean;
}

/** Serves a page, its bundled script and the engine's files on this machine only. Gives the server and its address. */
export async function servePage({ html, script, port = 0, isolated = true }: PageOptions) {
  const page = new Map([
    ['/', { type: 'text/html; charset=utf-8', body: html }],
    ...(await bundled(script)).map(({ name, code }) => [`/${name}`, { type: scriptType, body: code }] as const),
  ]);
  const server = createServer(async ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const found = page.get(pathname) ?? (await engineFile(pathname));
    if (!found) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': found.type, 'cache-control': 'no-store', ...(isolated && isolation) });
    response.end(found.body);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return { url: `http://localhost:${(server.address() as AddressInfo).port}/`, close: () => closed(server) };
}

// ---- below: internals ----

const isolation = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

const scriptType = 'text/javascript; charset=utf-8';

/**
 * The script for the browser, `page.js`, and parts that it loads when it needs them: an engine for each device. The
 * WebAssembly of an engine and what loads that stay files of their own, since the engine's threads load them too.
 */
export async function bundled(script: string): Promise<{ name: string; code: string }[]> {
  const bundle = await rolldown({
    input: script,
    platform: 'browser',
    resolve: { conditionNames: ['onnxruntime-web-use-extern-wasm', 'browser', 'import', 'default'] },
    transform: { target: 'es2024' },
  });
  try {
    const { output } = await bundle.generate({ format: 'esm', minify: true, entryFileNames: 'page.js' });
    return output.flatMap((file) => (file.type === 'chunk' ? [{ name: file.fileName, code: file.code }] : []));
  } finally {
    await bundle.close();
  }
}

const engineFolder = new URL('.', import.meta.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));

/** `/ort-wasm-….mjs` or `.wasm` out of the engine's package. */
async function engineFile(pathname: string): Promise<{ type: string; body: Buffer } | null> {
  const [, name, extension] = /^\/(ort-wasm[\w.-]*\.(mjs|wasm))$/.exec(pathname) ?? [];
  if (!name) return null;
  const body = await readFile(fileURLToPath(new URL(name, engineFolder))).catch(() => null);
  return body && { type: extension === 'wasm' ? 'application/wasm' : 'text/javascript', body };
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
