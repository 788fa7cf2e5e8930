import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openInBrowser } from './openInBrowser.ts';

const url = 'http://127.0.0.1:4747/open?key=a-secret&x="<b>';

describe.skipIf(process.platform !== 'linux')('opening an address in the browser', () => {
  let place: string;
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'microaction-opener-'));
    mkdirSync(join(place, 'data'));
    // Tells what it was called with, and the rights and the content of the file that this names.
    const script = `#!/bin/sh
printf '%s' "$*" > "${place}/words"
stat -c '%a' "$1" "$(dirname "$1")" > "${place}/rights" 2> /dev/null
cat "$1" > "${place}/page.partial" 2> /dev/null
mv "${place}/page.partial" "${place}/page"
`;
    writeFileSync(join(place, 'xdg-open'), script, { mode: 0o755 });
  });
  afterEach(() => rmSync(place, { recursive: true, force: true }));

  async function opened(address: string, folder = join(place, 'data')) {
    const environment = { DISPLAY: ':9', PATH: `${place}${delimiter}${process.env.PATH}` };
    const remove = openInBrowser(address, { environment, folder });
    const read = (name: string) => readFileSync(join(place, name), 'utf8');
    const page = await vi.waitFor(() => read('page'), { timeout: 5000 });
    return { words: read('words'), rights: read('rights'), page, remove };
  }

  it('shows nobody a key: the command names a private file, which leads there', async () => {
    const { words, rights, page, remove } = await opened(url);
    expect(words).toMatch(/\/data\/\.opening-\w+\/studio\.html$/);
    expect(words).not.toContain('secret');
    expect(rights).toBe('600\n700\n');
    expect(page).toContain('0; url=http://127.0.0.1:4747/open?key=a-secret&amp;x=&quot;&lt;b>"');
    remove();
    expect(existsSync(words)).toBe(false);
    expect(readdirSync(join(place, 'data'))).toEqual([]);
  });

  it('takes the folder for temporary files where the given one is of no use', async () => {
    const { words, remove } = await opened(url, join(place, 'nowhere'));
    expect(words).toMatch(new RegExp(`^${tmpdir()}/\\.opening-\\w+/studio\\.html$`));
    remove();
    expect(existsSync(words)).toBe(false);
  });

  it('needs no file where there is no key', async () => {
    expect((await opened('http://127.0.0.1:4747/')).words).toBe('http://127.0.0.1:4747/');
    expect(readdirSync(join(place, 'data'))).toEqual([]);
  });

  it('does nothing without a screen, and does not mind a machine without an opener', () => {
    openInBrowser(url, { environment: { PATH: place }, folder: join(place, 'data') })();
    expect(readdirSync(join(place, 'data'))).toEqual([]);
    chmodSync(join(place, 'xdg-open'), 0o644);
    openInBrowser(url, { environment: { DISPLAY: ':9', PATH: place }, folder: join(place, 'data') })();
    expect(readdirSync(join(place, 'data'))).toEqual([]);
  });
});
