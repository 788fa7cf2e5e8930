import { spawn } from 'node:child_process';

/** Opens an address in the person's browser where there is a screen to show it on; otherwise does nothing. */
export function openInBrowser(url: string, environment: NodeJS.ProcessEnv): void {
  const command = opener(process.platform, environment);
  if (!command) return;
  const [program, ...words] = command;
  const child = spawn(program, [...words, url], { stdio: 'ignore', detached: true });
  // The address is on the terminal too.
  child.on('error', () => {});
  child.unref();
}

// ---- below: internals ----

function opener(platform: NodeJS.Platform, { DISPLAY, WAYLAND_DISPLAY }: NodeJS.ProcessEnv): string[] | undefined {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['explorer.exe'];
  return DISPLAY || WAYLAND_DISPLAY ? ['xdg-open'] : undefined;
}
