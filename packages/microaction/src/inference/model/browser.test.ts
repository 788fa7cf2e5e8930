import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launch } from '../../../../../scripts/chromium.ts';
import { servePage } from '../../../../onnxgrad/examples/classifier/servePage.ts';
import { exportRecogniser, openOnnxRecogniser } from '../recognition/onnxRecogniser.ts';
import { recogniseClip } from '../recognition/recogniseClip.ts';
import { toyRecogniser, toyRecognition } from '../recognition/toyRecogniserTesting.ts';
import { detectWithModel } from './detectWithModel.ts';
import { firstWindow, type inPage } from './inPageTesting.ts';
import { exportDetector, openOnnxDetector } from './onnxDetector.ts';
import { pictureVideo, toyModel, toyRecipe } from './toyTesting.ts';

describe.skipIf(!findChromium())('exported networks in Chromium (skipped where none is found)', () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof servePage>>;
  beforeAll(async () => {
    const html = '<!doctype html><link rel="icon" href="data:,"><script type="module" src="page.js"></script>';
    const script = fileURLToPath(new URL('./inPageTesting.ts', import.meta.url));
    [browser, server] = await Promise.all([launch(), servePage({ html, script })]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it('finds in a clip from a canvas what Node finds in it', async () => {
    const bytes = exportDetector(toyModel(), toyRecipe);
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('pageerror', ({ message }) => complaints.push(message));
    await page.goto(server.url);
    await page.waitForFunction(() => 'inPage' in globalThis);
    const there = (await page.evaluate(
      (base64) => (globalThis as unknown as { inPage: typeof inPage }).inPage.detect(base64),
      Buffer.from(bytes).toString('base64'),
    )) as Awaited<ReturnType<typeof inPage.detect>>;
    expect(complaints).toEqual([]);
    expect(there.actions).toEqual(['spinning', 'hopping', 'tipping']);

    const pictures = there.pictures.map((base64) => new Uint8Array(Buffer.from(base64, 'base64')));
    expect(new Set(pictures[7]).size).toBeGreaterThan(50);
    await using detector = await openOnnxDetector(bytes, { source: 'detector.onnx', threads: 1 });
    const { steps, frames } = firstWindow(pictures, detector.recipe.data);
    const here = await detector.propose(frames, steps, steps);
    const furthest = (a: readonly number[], b: Float32Array) =>
      Math.max(...a.map((value, i) => Math.abs(value - b[i])));
    expect(there.scores).toHaveLength(here.scores.length);
    expect(furthest(there.scores, here.scores)).toBeLessThan(1e-4);
    expect(there.segments).toHaveLength(here.segments.length);
    expect(furthest(there.segments, here.segments)).toBeLessThan(1e-4);
    expect(new Set(there.scores).size).toBeGreaterThan(100);

    const { sizePixels } = toyRecipe.data;
    const picture = (frame: number) => pictures[frame];
    const video = pictureVideo({ frameCount: pictures.length, frameRate: 25, sizePixels, picture });
    const { instances } = await detectWithModel(video, detector, { minScore: 0 });
    expect(there.instances.length).toBe(instances.length);
    expect(instances.length).toBeGreaterThan(3);
    const best = (list: typeof instances) => list.toSorted((a, b) => b.score - a.score)[0];
    expect(best(there.instances).action).toBe(best(instances).action);
    expect(best(there.instances).start).toBeCloseTo(best(instances).start, 1);
  });

  it('recognises a clip from a canvas as Node does', async () => {
    const bytes = exportRecogniser(toyRecogniser(), toyRecognition);
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => 'inPage' in globalThis);
    const there = (await page.evaluate(
      (base64) => (globalThis as unknown as { inPage: typeof inPage }).inPage.recognise(base64),
      Buffer.from(bytes).toString('base64'),
    )) as Awaited<ReturnType<typeof inPage.recognise>>;
    const pictures = there.pictures.map((base64) => new Uint8Array(Buffer.from(base64, 'base64')));
    const { shortSidePixels: sizePixels } = toyRecognition.data;
    const picture = (frame: number) => pictures[frame];
    const video = pictureVideo({ frameCount: pictures.length, frameRate: 25, sizePixels, picture });
    await using recogniser = await openOnnxRecogniser(bytes, { source: 'recogniser.onnx', threads: 1 });
    const { probabilities } = await recogniseClip(video, recogniser, { crops: 'ten' });
    expect(Math.max(...probabilities) - Math.min(...probabilities)).toBeGreaterThan(0.05);
    for (const [k, probability] of there.probabilities.entries()) expect(probability).toBeCloseTo(probabilities[k], 4);
  });
});
