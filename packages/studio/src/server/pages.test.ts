import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { openPages } from './pages.ts';

const folder = mkdtempSync(join(tmpdir(), 'pages-'));
mkdirSync(join(folder, 'web', 'assets'), { recursive: true });
writeFileSync(join(folder, 'secret.txt'), 'secret');
writeFileSync(join(folder, 'web', 'index.html'), '<html lang="en"><title>microaction</title></html>');
writeFileSync(join(folder, 'web', 'assets', 'main-1234.js'), 'go()');
writeFileSync(join(folder, 'web', 'assets', 'main-1234.js.br'), brotliCompressSync('go()'));
writeFileSync(join(folder, 'web', 'assets', 'icon-1234.svg'), '<svg/>');
afterAll(() => rmSync(folder, { recursive: true }));

const pages = openPages(async () => join(folder, 'web'));
const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  pages(new Request(`http://127.0.0.1${path}`, { headers, method }));

describe('pages', () => {
  it('answer every address that names no file with the one page, asked for anew each time', async () => {
    for (const path of ['/', '/videos/3f2a', '/projects/p1/results', '/sign-in']) {
      const response = await get(path);
      expect(await response?.text()).toContain('<title>microaction</title>');
      expect(response?.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
      expect(response?.headers.get('Cache-Control')).toBe('no-cache');
    }
  });

  it('give assets for good, in the encoding that the browser takes', async () => {
    const plain = await get('/assets/main-1234.js');
    expect(await plain?.text()).toBe('go()');
    expect(plain?.headers.get('Content-Type')).toBe('text/javascript; charset=utf-8');
    expect(plain?.headers.get('Cache-Control')).toContain('immutable');
    const squeezed = await get('/assets/main-1234.js', { 'Accept-Encoding': 'gzip, br' });
    expect(squeezed?.headers.get('Content-Encoding')).toBe('br');
    expect(brotliDecompressSync(new Uint8Array(await squeezed!.arrayBuffer())).toString()).toBe('go()');
  });

  it('give their icon where browsers look for one by themselves, for as long as it is the same', async () => {
    const icon = await get('/favicon.ico');
    expect(await icon?.text()).toBe('<svg/>');
    expect(icon?.headers.get('Content-Type')).toBe('image/svg+xml');
    expect(icon?.headers.get('Cache-Control')).toBe('no-cache');
  });

  it('answer nothing for files that are not theirs', async () => {
    const outside = ['/../secret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2fsecret.txt', '/assets/gone.js'];
    for (const path of outside) expect(await get(path)).toBeNull();
    expect(await get('/', {}, 'POST')).toBeNull();
  });

  it('say that nothing changed to a browser that has the page', async () => {
    const tag = (await get('/'))?.headers.get('ETag') ?? '';
    const again = await get('/', { 'If-None-Match': tag });
    expect(again?.status).toBe(304);
    expect(await again?.text()).toBe('');
  });

  it('come in the colours that the browser remembers, and take nothing else from its cookies', async () => {
    const page = async (Cookie: string) => (await get('/', { Cookie }))?.text();
    expect(await page('a=b; microaction-theme=dark')).toContain('<html data-theme="dark" lang="en">');
    expect(await page('microaction-theme="><script>x()</script>')).toBe(await page('a=b'));
  });

  it('say what is missing where the package is not whole', async () => {
    const broken = openPages(async () => join(folder, 'web', 'assets'));
    await expect(broken(new Request('http://127.0.0.1/'))).rejects.toThrow(/holds no pages/);
  });
});
