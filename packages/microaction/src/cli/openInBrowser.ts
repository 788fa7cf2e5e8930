import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface OpenInBrowserOptions {
  readonly environment: NodeJS.ProcessEnv;
  /**
   * Where a page that leads on may lie for a while. Best one of the person's own: a browser that runs in a sandbox may
   * not see the system's folder for temporary files, which is taken where this one cannot be written to.
   */
  readonly folder: string;
}

/**
 * Opens an address in the person's browser where there is a screen to show it on; otherwise does nothing. The words of a
 * command can be seen by everybody on the machine, so that a secret in the address must not be one of them: an address
 * with a query is opened by way of a file that only the person can read.
 *
 * @returns takes that file away, which happens by itself after a minute
 */
export function openInBrowser(url: string, { environment, folder }: OpenInBrowserOptions): () => void {
  const command = opener(process.platform, environment);
  if (!command) return () => {};
  const page = new URL(url).search ? leadingPage(url, [folder, tmpdir()]) : { target: url, remove: () => {} };
  if (!page) return () => {};
  const [program, ...words] = command;
  const child = spawn(program, [...words, page.target], { stdio: 'ignore', detached: true, env: environment });
  // The address is on the terminal too.
  child.on('error', () => {});
  child.unref();
  setTimeout(page.remove, 60_000).unref();
  return page.remove;
}

// ---- below: internals ----

function opener(platform: NodeJS.Platform, { DISPLAY, WAYLAND_DISPLAY }: NodeJS.ProcessEnv): string[] | undefined {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['explorer.exe'];
  return DISPLAY || WAYLAND_DISPLAY ? ['xdg-open'] : undefined;
}

interface LeadingPage {
  /** What to open. */
  readonly target: string;
  readonly remove: () => void;
}

/** In the first folder that can be written to; undefined where none can. */
function leadingPage(url: string, folders: readonly string[]): LeadingPage | undefined {
  for (const folder of folders) {
    try {
      const inner = mkdtempSync(join(folder, '.opening-')); // private, as such folders are made
      const target = join(inner, 'studio.html');
      writeFileSync(target, pageTo(url), { mode: 0o600 });
      return { target, remove: () => rmSync(inner, { recursive: true, force: true }) };
    } catch {
      // The next one, or the terminal.
    }
  }
  return undefined;
}

function pageTo(url: string): string {
  const address = url.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${address}">
<title>microaction</title>
<a href="${address}">microaction</a>
`;
}
