import { chmodSync, closeSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes a folder that only the account of the process may look into, also where it is there already: blind codings and
 * hashes of passwords are no matter of others who work on the machine. Its files too, since files get moved; not those
 * of folders inside, which nobody else comes to. On Windows the rights of the folder above hold.
 *
 * @throws what the system says of a folder that cannot be made
 */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  restrict(path, 0o700);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isFile()) restrict(join(path, entry.name), 0o600);
  }
}

/** So that a file is private from its first byte, whoever writes it then. Why one cannot be made, they will say. */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch {
    // Mostly: it is there already.
  }
}

// ---- below: internals ----

/** Left as it is where it belongs to another account, or the disk knows no rights. */
function restrict(path: string, mode: number): void {
  try {
    chmodSync(path, mode);
  } catch (error) {
    if (!/^(EPERM|ENOTSUP|EROFS|ENOENT)$/.test(`${(error as NodeJS.ErrnoException).code}`)) throw error;
  }
}
