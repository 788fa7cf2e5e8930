import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { microActions52 } from 'microaction';
import { describe, expect, it } from 'vitest';
import { catalogue as english } from './en/catalogue.ts';
import { formats } from './formats.ts';
import { browserLanguage, loadTexts } from './texts.tsx';
import { catalogue as chinese } from './zh/catalogue.ts';

type Leaf = string | ((...values: never[]) => string);

/** Every text by its path: `library.folder.title`. */
function leaves(texts: object, path: readonly string[] = []): Map<string, Leaf> {
  const found = new Map<string, Leaf>();
  for (const [key, value] of Object.entries(texts)) {
    const here = [...path, key];
    if (typeof value === 'object' && value !== null) for (const leaf of leaves(value, here)) found.set(...leaf);
    else found.set(here.join('.'), value as Leaf);
  }
  return found;
}

const { problems: englishProblems, ...englishTexts } = english;
const { problems: chineseProblems, ...chineseTexts } = chinese;
const en = leaves(englishTexts);
const zh = leaves(chineseTexts);

/** The same in both languages on purpose: names, symbols, and what is read by programs. */
const sameInBoth =
  /^[\p{P}\p{S}\p{N}\s]*$|^(English|中文|[A-Z]{2,}[\d.]*|tIoU|mAP|IoU|Vega-Lite|Markdown|(Cohen|Fleiss|Krippendorff)\P{Script=Han}*)$/u;

/** What the server calls in English itself: other languages have their own words beside. */
const namesOfServer = /^results\.(formatTitles|measures)\./;

describe('the texts of both languages', () => {
  it('have the same keys', () => {
    const more = [...zh.keys()].filter((key) => !en.has(key) && !namesOfServer.test(key));
    expect(more).toEqual([]);
    expect([...en.keys()].filter((key) => !zh.has(key))).toEqual([]);
  });

  it('are texts or functions at the same places', () => {
    for (const [key, text] of en) expect(typeof zh.get(key), key).toBe(typeof text);
  });

  it('leave nothing in English in the Chinese ones', () => {
    const left = [...zh].filter(([key, text]) => text === en.get(key) && !sameInBoth.test(String(text)));
    expect(left.map(([key]) => key)).toEqual([]);
    const latin = [...zh].filter(
      ([, text]) => typeof text === 'string' && text !== '' && !/\p{Script=Han}/u.test(text),
    );
    expect(latin.filter(([, text]) => !sameInBoth.test(String(text))).map(([key]) => key)).toEqual([]);
  });

  it('are not empty', () => {
    for (const [key, text] of [...en, ...zh]) if (typeof text === 'string') expect(text.trim(), key).not.toBe('');
  });

  it('take no other values in Chinese than in English', () => {
    for (const [key, text] of en)
      if (typeof text === 'function')
        expect((zh.get(key) as () => string).length, key).toBeLessThanOrEqual(text.length);
  });
});

describe('names that come from the server', () => {
  it('have a Chinese name for each of the 52 actions and 7 body parts, no two the same', async () => {
    const t = await loadTexts('zh');
    const actions = microActions52.actions.map(({ name }) => t.action(name));
    const parts = microActions52.bodyParts.map(({ code }) => t.part(code));
    expect(new Set(actions).size).toBe(52);
    expect(new Set(parts).size).toBe(7);
    for (const name of [...actions, ...parts]) expect(name).toMatch(/^\p{Script=Han}+$/u);
  });

  it('are given as they are where they belong to another coding scheme', async () => {
    const t = await loadTexts('zh');
    expect(t.action('blinking twice')).toBe('blinking twice');
    expect(t.part('X', 'eyes')).toBe('eyes');
  });

  it('have Chinese words for whatever the studio refuses with', () => {
    const server = fileURLToPath(new URL('../../server', import.meta.url));
    const codes = new Set(['bug', 'disk-full']);
    for (const file of globSync('**/*.ts', { cwd: server })) {
      if (/\.test\.ts$|esting\.ts$/.test(file)) continue;
      const source = readFileSync(join(server, file), 'utf8');
      for (const [, code] of source.matchAll(/new Refusal\(\s*\d+,\s*'([a-z-]+)'/g)) codes.add(code);
    }
    expect(codes.size).toBeGreaterThan(40);
    expect([...codes].filter((code) => !(code in chineseProblems)).sort()).toEqual([]);
    for (const code of Object.keys(englishProblems)) expect(chineseProblems).toHaveProperty(code);
  });
});

describe('the language', () => {
  it('is the first of the browser that there are texts for', () => {
    expect(browserLanguage(['zh-TW', 'en'])).toBe('zh');
    expect(browserLanguage(['fr-FR', 'en-US', 'zh'])).toBe('en');
    expect(browserLanguage(['fr-FR'])).toBe('en');
  });
});

describe('numbers and times', () => {
  const { seconds, time, length, span, bytes } = formats('en');

  it('carry their unit', () => {
    expect(seconds(1.6349)).toBe('1.63 s');
    expect(bytes(1_234_567_890)).toBe('1.2 GB');
    expect(bytes(999)).toBe('999 B');
    expect(span(40)).toBe('40 s');
    expect(span(150)).toBe('3 min');
    expect(formats('zh').span(7200)).toBe('2 小时');
  });

  it('are minutes, seconds and milliseconds, with hours where there are any', () => {
    expect(time(12.4)).toBe('0:12.400');
    expect(time(59.9996)).toBe('1:00.000');
    expect(time(3661.5)).toBe('1:01:01.500');
    expect(length(603)).toBe('10:03');
    expect(length(3599.7)).toBe('1:00:00');
  });
});
