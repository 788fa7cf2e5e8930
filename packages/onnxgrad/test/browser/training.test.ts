import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launch } from '../../../../scripts/chromium.ts';
import { servePage } from '../../examples/classifier/servePage.ts';
import { type FirstSteps, firstSteps } from './firstSteps.ts';
import type { inPage } from './inPage.ts';

/** A software adapter, so that WebGPU is tried also on machines without a graphics card. */
const softwareGpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'];
const blank = {
  html: '<!doctype html><link rel="icon" href="data:,"><script type="module" src="page.js"></script>',
  script: fileURLToPath(new URL('./inPage.ts', import.meta.url)),
};

describe.skipIf(!findChromium())('training in Chromium (skipped where none is found)', () => {
  let browser: Browser;
  let isolated: Awaited<ReturnType<typeof servePage>>;
  let shared: Awaited<ReturnType<typeof servePage>>;
  let inNode: FirstSteps;
  let main: Opened;

  beforeAll(async () => {
    [browser, isolated, shared, inNode] = await Promise.all([
      launch(softwareGpu),
      servePage(blank),
      servePage({ ...blank, isolated: false }),
      firstSteps({ steps: 4, threads: 1 }),
    ]);
    main = await open(isolated);
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([isolated?.close(), shared?.close()]);
  });

  async function open({ url }: { readonly url: string }): Promise<Opened> {
    const page = await browser.newPage();
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
    await page.goto(url);
    await page.waitForFunction(() => 'inPage' in globalThis);
    return { page, loaded };
  }

  const engines = ({ loaded }: Opened) => loaded.filter((path) => path.endsWith('.wasm'));

  it('computes the losses and gradients of Node on several threads, with one engine loaded', async () => {
    const { page } = main;
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expectSame(await call(page, 'firstSteps', { steps: 4, threads: 2 }), inNode);
    expect(page.workers().length).toBeGreaterThan(0);
    expect(engines(main)).toEqual(['/ort-wasm-simd-threaded.wasm']);
  });

  it('computes the same in a page that gets no threads, though asked for some', async () => {
    const { page } = await open(shared);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    expectSame(await call(page, 'firstSteps', { steps: 4, threads: 2 }), inNode);
    expect(page.workers()).toEqual([]);
  });

  it('computes the same on WebGPU (skipped where there is no adapter)', async ({ skip }) => {
    const opened = await open(isolated);
    const { page } = opened;
    const hasAdapter = await page.evaluate(async () => {
      const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<unknown> } };
      return Boolean(await gpu?.requestAdapter());
    });
    if (!hasAdapter) skip('this browser finds no WebGPU adapter');
    const { losses, gradients } = await call(page, 'firstSteps', { steps: 2, device: 'webgpu' });
    expectSame({ losses, gradients }, { ...inNode, losses: inNode.losses.slice(0, 2) });
    expect(engines(opened)).toEqual(['/ort-wasm-simd-threaded.asyncify.wasm']);
  });

  it('learns to tell five movements apart', async () => {
    const { losses, accuracy } = await call(main.page, 'learn', { steps: 150 });
    expect(losses[0]).toBeGreaterThan(1.4);
    // Guessing has a loss of 1.61 and is right once in five.
    expect(mean(losses.slice(-20))).toBeLessThan(0.5);
    expect(accuracy).toBeGreaterThan(0.85);
  });

  it('says which devices there are when asked for another', async () => {
    expect(await call(main.page, 'refusal', 'cuda')).toEqual({
      code: 'no-backend',
      message: 'The device cuda is not there; this engine has wasm, webgpu',
    });
    expect(await call(main.page, 'refusal', 'wasm')).toBe(null);
  });

  it('refuses WebGPU without an adapter instead of running elsewhere, and goes on without it', async () => {
    const { page } = await open(isolated);
    await page.evaluate(() => {
      const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<unknown> } };
      if (gpu) gpu.requestAdapter = async () => null;
    });
    expect(await call(page, 'refusal', 'webgpu')).toEqual({
      code: 'no-backend',
      message: expect.stringContaining('The device webgpu is not there'),
    });
    expect(await call(page, 'refusal', 'wasm')).toBe(null);
  });

  it('runs a program until it is disposed, which may be done twice', async () => {
    const { before, after } = await call(main.page, 'runDisposed');
    expect(before).toEqual([2, 4]);
    expect(after).toContain('was disposed');
  });
});

/** A page with its script, and what it has asked for. */
interface Opened {
  readonly page: Page;
  readonly loaded: readonly string[];
}

/** Calls a function of the page's script by name. */
function call<K extends keyof typeof inPage>(page: Page, name: K, ...values: Parameters<(typeof inPage)[K]>) {
  type Call = (...values: unknown[]) => unknown;
  const run = ([name, values]: [string, unknown[]]) =>
    (globalThis as unknown as { inPage: Record<string, Call> }).inPage[name](...values);
  return page.evaluate(run, [name, values] as [string, unknown[]]) as ReturnType<(typeof inPage)[K]>;
}

/** Kernels add in other orders, so losses and gradients differ by some roundings: to 1e-5 of the largest. */
function expectSame(found: FirstSteps, expected: FirstSteps): void {
  expect(relativeDifference(found.losses, expected.losses)).toBeLessThan(1e-5);
  expect(Object.keys(found.gradients)).toEqual(Object.keys(expected.gradients));
  for (const [name, gradient] of Object.entries(expected.gradients)) {
    expect(Math.max(...gradient.map(Math.abs)), `gradient of ${name}`).toBeGreaterThan(1e-3);
    expect(relativeDifference(found.gradients[name], gradient), `gradient of ${name}`).toBeLessThan(1e-5);
  }
}

function relativeDifference(found: readonly number[], expected: readonly number[]): number {
  expect(found).toHaveLength(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs(found[i] - value))) / scale;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
