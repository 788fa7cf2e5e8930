/**
 * The simulator: statistics beside the counted ones, frames a second, and with --honesty the two tests of honesty, which
 * take a quarter of an hour.
 *
 *   npm run benchmark:synthesis [-- --honesty]
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const scripts = ['statistics.ts', 'keyPoints.ts', 'render.ts'];
if (process.argv.includes('--honesty')) scripts.push('honesty.ts');
for (const script of scripts) {
  console.log(`\n== ${script}`);
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { status } = spawnSync(process.execPath, [path], { stdio: 'inherit' });
  process.exitCode ||= status ?? 1;
}
