// Pages are tested in Chromium. Installs Debian's where it is missing and may be installed; elsewhere says so.
import { spawnSync } from 'node:child_process';
import { findChromium } from './chromium.ts';

if (!findChromium()) {
  if (process.platform === 'linux' && process.getuid?.() === 0 && works('apt-get', '--version')) {
    console.log('Installing Chromium for the page tests (apt-get install chromium) ...');
    works('apt-get', 'update', '-qq');
    works('apt-get', 'install', '-qq', '--no-install-recommends', 'chromium');
  }
  if (!findChromium()) {
    console.log('No Chromium here: the page tests are skipped. Install it, or name one in the variable CHROMIUM.');
  }
}

function works(command: string, ...words: string[]): boolean {
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, words, { stdio: 'ignore', env: environment }).status === 0;
}
