import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { type OutputChunk, rolldown } from 'rolldown';

/** The page module `testingPage.ts` and all it needs as one script, which puts its exports on `timeLine`. */
export async function bundledTimeLine(): Promise<string> {
  const bundle = await rolldown({
    input: fileURLToPath(new URL('testingPage.ts', import.meta.url)),
    platform: 'browser',
    logLevel: 'silent',
  });
  try {
    const { output } = await bundle.generate({ format: 'iife', name: 'timeLine', minify: true });
    return (output[0] as OutputChunk).code;
  } finally {
    await bundle.close();
  }
}

/** An empty page with colours like the editor's, a host `#host` of that size, and the time line's code. */
export async function prepare(page: Page, script: string, size: { width: number; height: number }): Promise<void> {
  await page.setContent(
    `<!doctype html><html lang="en"><head><style>${colours}
      body { margin: 0; background: var(--ground); color: var(--ink); font: 13px / 1.4 system-ui, sans-serif }
      #host { width: ${size.width}px; height: ${size.height}px }
    </style></head><body><div id="host"></div></body></html>`,
  );
  await page.addScriptTag({ content: script });
}

// ---- below: internals ----

const colours = `
  :root { color-scheme: light dark;
    --ground: light-dark(#ffffff, #16181b); --panel: light-dark(#f4f5f6, #202327);
    --ink: light-dark(#1b1d20, #e8eaec); --ink-2: light-dark(#565b61, #a5abb2);
    --line: light-dark(#d5d8dc, #363b41); --accent: light-dark(#c2185b, #ff6f9f);
    --focus: light-dark(#0a5bc4, #7ab4ff) }`;
