import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { UserError } from '../errors.ts';

// The page's code lies beside this file as modules: TypeScript in the sources, JavaScript in the built package.
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** The page's parts as text: to be put in one file. */
export function pageAssets(): { html: string; css: string; script: string } {
  return {
    html: readPart(new URL('page/page.html', import.meta.url)),
    css: readPart(new URL('page/page.css', import.meta.url)),
    script: joinModules(new URL(`page/main${extension}`, import.meta.url)),
  };
}

/**
 * A module and all it imports as one script, each after those it needs. The modules keep four rules: they
 * import by name, without renaming, from relative files; they export declarations in place; no import circle;
 * no two share a top-level name.
 */
export function joinModules(entry: URL): string {
  const texts = new Map<string, string>();
  const visit = (url: URL) => {
    if (texts.has(url.href)) return;
    texts.set(url.href, '');
    const source = url.href.endsWith('.ts') ? withoutTypes(readPart(url)) : readPart(url);
    for (const [, from] of source.matchAll(importStatement)) visit(new URL(from, url));
    texts.delete(url.href); // so that it goes in after what it imports
    texts.set(url.href, source.replace(importStatement, '').replace(exportWord, ''));
  };
  visit(entry);
  const script = [...texts.values()].map((text) => text.replace(/[ \t]+$/gm, '').trim()).join('\n\n');
  checkJoined(script);
  return script;
}

/** A file of a page. @throws UserError `broken-install` where it is missing */
export function readPart(url: URL): string {
  try {
    return readFileSync(url, 'utf8');
  } catch (cause) {
    throw new UserError('broken-install', `A part of the result page is missing: ${url.pathname}. Install again.`, {
      cause,
    });
  }
}

// ---- below: internals ----

const importStatement = /^import\s+(?:\{[^}]*\}\s*from\s*)?'(\.[^']+)';?/gm;
const exportWord = /^export\s+(?:\{\s*\};?|(?=(?:async|const|let|function|class)\b))/gm;

function checkJoined(script: string): void {
  const left = script.match(/^(import|export)\b.*/m);
  if (left) throw new Error(`The page's modules cannot be joined because of this line: ${left[0]}`);
  const names = [...script.matchAll(/^(?:async )?(?:const|let|function|class) (\w+)/gm)].map(([, name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice) throw new Error(`Two of the page's modules declare "${twice}" at their top level.`);
}

/** Node warns at each first use that this is experimental; the sources are run by us alone, so no reader needs it. */
function withoutTypes(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
