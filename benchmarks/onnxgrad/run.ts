/** The benchmarks of onnxgrad, one after the other: `npm run benchmark:onnxgrad`. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

for (const benchmark of ['vit.ts', 'resnet.ts', 'leak.ts']) {
  console.log(`\n== ${benchmark}`);
  const script = fileURLToPath(new URL(benchmark, import.meta.url));
  const { status } = spawnSync(process.execPath, [script], { stdio: 'inherit' });
  process.exitCode ||= status ?? 1;
}
