/**
 * Makes `dist/` of the package in this folder: what is published. In development everything runs from the
 * TypeScript sources, so the package.json of the checkout points at those; the one in `dist` points at the
 * JavaScript, types and source maps beside it; folders stay as they are, so paths between files hold. Publish with `npm publish ./dist`.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
const { status } = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

const { devDependencies: _, scripts: __, files: ___, ...manifest } = JSON.parse(readFileSync('package.json', 'utf8'));
writeFileSync('dist/package.json', `${JSON.stringify({ ...manifest, ...published(manifest) }, null, 2)}\n`);

// What is not TypeScript travels as it is: styles, schemas, models, the demonstration, licences.
for (const file of globSync('src/**/*.{css,html,json}')) cpSync(file, `dist/${file}`);
for (const folder of ['assets', 'models', 'schemas'])
  if (existsSync(folder)) cpSync(folder, `dist/${folder}`, { recursive: true });
for (const file of globSync('{README,LICENSE,NOTICE}*')) cpSync(file, `dist/${file}`);
for (const file of Object.values<string>(manifest.bin ?? {})) chmodSync(`dist/${file.replace(/\.ts$/, '.js')}`, 0o755);

interface Entries {
  readonly exports?: Readonly<Record<string, string>>;
  readonly imports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
}

/** `./src/x.ts` becomes `./src/x.js`, with its types first where the place allows conditions. */
function published({ exports = {}, imports = {}, bin = {} }: Entries) {
  const script = (path: string) => path.replace(/\.ts$/, '.js');
  const entries = Object.entries(exports).map(([name, path]) => [
    name,
    path.endsWith('.ts') ? { types: script(path).replace(/\.js$/, '.d.ts'), default: script(path) } : script(path),
  ]);
  const commands = Object.entries(bin).map(([name, path]) => [name, script(path)]);
  const inner = Object.entries(imports).map(([name, conditions]) => [
    name,
    Object.fromEntries(Object.entries(conditions).map(([condition, path]) => [condition, script(path)])),
  ]);
  return {
    exports: Object.fromEntries(entries),
    ...(inner.length > 0 && { imports: Object.fromEntries(inner) }),
    ...(commands.length > 0 && { bin: Object.fromEntries(commands) }),
  };
}
