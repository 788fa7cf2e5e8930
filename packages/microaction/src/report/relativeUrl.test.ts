import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { relativeUrl } from './relativeUrl.ts';

it('a browser resolves it back to the file, whatever the names hold', () => {
  const name = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !/^\.*$|[\\/\0]/u.test(text));
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => join(sep, ...names));
  fc.assert(
    fc.property(path, path, (page, file) => {
      fc.pre(page !== file);
      const resolved = new URL(relativeUrl(page, file), pathToFileURL(page));
      expect(decodeURIComponent(resolved.pathname)).toBe(decodeURIComponent(pathToFileURL(file).pathname));
    }),
  );
});

it('encodes what a URL would read otherwise', () => {
  expect(relativeUrl('/out/page.html', '/clips/50% a#b?c:d.mp4')).toBe('../clips/50%25%20a%23b%3Fc%3Ad.mp4');
});
