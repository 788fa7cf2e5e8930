/** Runs benchmarks one after the other: `node benchmarks/inTurn.ts SCRIPT...`, paths from this folder on. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

for (const script of process.argv.slice(2)) {
  console.log(`\n== ${script}`);
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { status } = spawnSync(process.execPath, [path], { stdio: 'inherit' });
  process.exitCode ||= status ?? 1;
}
