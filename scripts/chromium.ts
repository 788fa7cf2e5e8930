import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Path of a Chromium or Chrome on this machine: the CHROMIUM environment variable, then the usual places. */
export function findChromium(): string | undefined {
  return [process.env.CHROMIUM, ...usualPlaces].find((path) => path && existsSync(path));
}

/**
 * Starts the browser that `findChromium` finds, without a window and without traffic of its own.
 *
 * @param more - further switches of its command line
 */
export function launch(more: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('No Chromium found: install it, or set CHROMIUM to its path.');
  return chromium.launch({ executablePath, args: [...quiet, ...more] });
}

// ---- below: internals ----

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
];

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];
