import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { TopLevelSpec } from 'vega-lite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findChromium, launch } from '../../../../../scripts/chromium.ts';
import { statisticsOf } from '../../annotation/dataset/statistics.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { diagnosisFigures } from './diagnosisFigures.ts';
import { predictionsFigure } from './predictionsFigure.ts';
import { renderSvg } from './renderSvg.ts';
import { statisticsFigures } from './statisticsFigures.ts';
import { madeDiagnosis, madePredictions, madeTruth } from './testing.ts';

const figures = [
  ...statisticsFigures(statisticsOf(madeTruth).all, microActions52),
  ...diagnosisFigures(madeDiagnosis(), 'action', microActions52),
  predictionsFigure(
    { title: 'a', truth: madeTruth.clips[0].instances, predictions: madePredictions.clips[0].instances },
    microActions52,
  ),
];

describe.skipIf(!findChromium())('in Chromium (skipped where none is found)', () => {
  it('every figure is drawn as in Node: the same texts, marks and colours, within a few pixels of the same size', async () => {
    const browser = await launch();
    onTestFinished(() => browser.close());
    const page = await browser.newPage();
    for (const name of ['vega', 'vega-lite']) await page.addScriptTag({ content: bundleOf(name) });
    for (const figure of figures) {
      const inBrowser = await page.evaluate(drawHere, figure.spec);
      expect(inBrowser.warnings).toEqual([]);
      const [there, here] = [inBrowser.svg, await renderSvg(figure)].map(outlineOf);
      expect(there.texts, figure.name).toEqual(here.texts);
      expect(there.fills, figure.name).toEqual(here.fills);
      expect(Math.abs(there.width - here.width), figure.name).toBeLessThan(24);
      expect(Math.abs(there.height - here.height), figure.name).toBeLessThan(24);
    }
  });
});

// ---- below: internals ----

/** What a page without a bundler would load: the whole library in one script. */
function bundleOf(name: string): string {
  const entry = createRequire(import.meta.url).resolve(name);
  return readFileSync(join(dirname(entry), `${name}.min.js`), 'utf8');
}

/** Runs in the page. */
async function drawHere(spec: TopLevelSpec): Promise<{ svg: string; warnings: string[] }> {
  // biome-ignore lint/suspicious/noExplicitAny: the page's globals, which no type tells of
  const { vega, vegaLite } = globalThis as any;
  const warnings: string[] = [];
  const logger = vega.logger(vega.Warn, undefined, (_: unknown, level: string, words: unknown[]) => {
    warnings.push(`${level}: ${words.join(' ')}`);
  });
  const view = new vega.View(vega.parse(vegaLite.compile(spec, { logger }).spec), { renderer: 'none', logger });
  return { svg: await view.toSVG(), warnings };
}

function outlineOf(svg: string) {
  const [, width, height] = svg.match(/width="([\d.]+)" height="([\d.]+)"/)!;
  return {
    width: Number(width),
    height: Number(height),
    texts: [...svg.matchAll(/<(?:text|tspan)[^>]*>([^<]*)/g)].map(([, text]) => text),
    fills: [...svg.matchAll(/<path[^>]*fill="(#\w+|rgb[^"]*)"/g)].map(([, fill]) => fill),
  };
}
