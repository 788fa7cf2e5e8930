import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from 'microaction';
import { builtPages } from './builtPages.ts';

/** Answers requests for pages; null for what is none. */
export type Pages = (request: Request) => Promise<Response | null>;

/**
 * The pages, from memory. In a published package they lie in `dist/web`; in a checkout they are built, in a second or
 * two and once for each state of the sources, into `node_modules/.cache`, when the studio starts. Addresses that name
 * no file get the one page, which reads the address itself.
 *
 * @param build - where they are built; as told above when absent
 */
export function openPages(build: () => Promise<string> = isCheckout ? builtPages : async () => publishedFolder): Pages {
  const files = build().then(readPages);
  // Whoever asks first hears of the mistake.
  files.catch(() => {});
  return async (request) => answer(request, await files);
}

// ---- below: internals ----

interface PageFile {
  readonly type: string;
  /** By encoding: `identity`, `br`, `gzip`. */
  readonly bodies: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** Its name changes with its content. */
  readonly immutable: boolean;
  readonly tag: string;
}

const isCheckout = import.meta.url.endsWith('.ts');
const publishedFolder = fileURLToPath(new URL('../../web', import.meta.url));

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.png': 'image/png',
};

/** All files below a folder by their address. Only these are ever answered: no address reaches anything else. */
function readPages(folder: string): Map<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const name of globSync('**/*', { cwd: folder })) {
    const path = join(folder, name);
    const ending = extname(name);
    if (ending === '.br' || ending === '.gz' || !statSync(path).isFile()) continue;
    const bodies = new Map([['identity', readFileSync(path)]]);
    if (existsSync(`${path}.br`)) bodies.set('br', readFileSync(`${path}.br`));
    if (existsSync(`${path}.gz`)) bodies.set('gzip', readFileSync(`${path}.gz`));
    const address = `/${name.replaceAll('\\', '/')}`;
    files.set(address, {
      type: types[ending] ?? 'application/octet-stream',
      bodies,
      immutable: address.startsWith('/assets/'),
      tag: `"${createHash('sha256').update(bodies.get('identity')!).digest('base64url').slice(0, 22)}"`,
    });
  }
  if (!files.has('/index.html')) throw noPages(folder);
  // What browsers ask for by themselves beside answers that are no page and name no icon.
  const [, icon] = [...files].find(([address]) => /^\/assets\/icon-[^/]*\.svg$/.test(address)) ?? [];
  if (icon) files.set('/favicon.ico', { ...icon, immutable: false });
  return files;
}

function answer(request: Request, files: ReadonlyMap<string, PageFile>): Response | null {
  if (request.method !== 'GET' && request.method !== 'HEAD') return null;
  const { pathname } = new URL(request.url);
  const file = files.get(pathname) ?? (isPageAddress(pathname) ? files.get('/index.html') : undefined);
  return file ? fileResponse(request, file) : null;
}

/** Not of a file: `/videos/3f2a`, unlike `/assets/old-page.js` or `/robots.txt`. */
const isPageAddress = (pathname: string) => !pathname.startsWith('/assets/') && !/\.\w+$/.test(pathname);

function fileResponse(request: Request, { type, bodies, immutable, tag }: PageFile): Response {
  const headers = new Headers({
    'Content-Type': type,
    'Cache-Control': immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: tag,
    Vary: 'Accept-Encoding, Cookie',
  });
  const theme = type.startsWith('text/html') ? themeOf(request) : null;
  if (!theme && request.headers.get('If-None-Match') === tag) return new Response(null, { status: 304, headers });
  const accepted = request.headers.get('Accept-Encoding') ?? '';
  const encoding = theme ? undefined : ['br', 'gzip'].find((name) => accepted.includes(name) && bodies.has(name));
  let body = bodies.get(encoding ?? 'identity')!;
  if (encoding) headers.set('Content-Encoding', encoding);
  if (theme) {
    headers.delete('ETag');
    body = new TextEncoder().encode(new TextDecoder().decode(body).replace('<html', `<html data-theme="${theme}"`));
  }
  headers.set('Content-Length', String(body.byteLength));
  return new Response(request.method === 'HEAD' ? null : body, { headers });
}

/** What the person chose last in this browser, so that the first paint has its colours; only these two words. */
function themeOf(request: Request): 'light' | 'dark' | null {
  const [, theme] = /(?:^|; )microaction-theme=(light|dark)(?:;|$)/.exec(request.headers.get('Cookie') ?? '') ?? [];
  return (theme as 'light' | 'dark' | undefined) ?? null;
}

const noPages = (folder: string) =>
  new UserError(
    'no-pages',
    `${folder} holds no pages: this copy of the studio is not whole. Install it again; data and codings are untouched.`,
  );
