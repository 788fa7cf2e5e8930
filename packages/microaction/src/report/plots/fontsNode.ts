import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Makes sure that sharp finds a font. It looks through fontconfig, for which a bare Linux server has neither fonts nor
 * settings, and then draws boxes. Settings of our own add one font to what the machine has; they are read once, when
 * the process draws its first text. Who has set FONTCONFIG_FILE keeps it; macOS and Windows always have fonts.
 */
export function bringFonts(): void {
  if (brought) return;
  brought = true;
  if (process.platform !== 'linux' || process.env.FONTCONFIG_FILE) return;
  const folders = fontFiles.flatMap(folderOf);
  if (folders.length === 0) return;
  const folder = mkdtempSync(join(tmpdir(), 'microaction-fonts-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'fonts.conf');
  writeFileSync(path, settings(folders, folder));
  process.env.FONTCONFIG_FILE = path;
}

// ---- below: internals ----

let brought = false;

// sharp reads TrueType, but neither WOFF nor WOFF2. Arimo is as wide as Arial.
const fontFiles = [
  '@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf',
  '@expo-google-fonts/arimo/700Bold/Arimo_700Bold.ttf',
];

function folderOf(file: string): string[] {
  try {
    const path = fileURLToPath(import.meta.resolve(file));
    return existsSync(path) ? [dirname(path)] : [];
  } catch {
    return []; // the package is not installed: the machine's own fonts have to do
  }
}

function settings(folders: readonly string[], cache: string): string {
  const escaped = (path: string) => path.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
${folders.map((folder) => `<dir>${escaped(folder)}</dir>`).join('\n')}
<cachedir>${escaped(cache)}</cachedir>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
</fontconfig>
`;
}
