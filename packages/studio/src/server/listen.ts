import type { AddressInfo, Server } from 'node:net';
import { UserError } from 'microaction';

/** Tried when no port is wished for, and the ones after it. */
export const usualPort = 4747;

/**
 * Lets a server listen on a port; without one on `usualPort`, or the next that is free.
 *
 * @param port - 0: any free one
 * @returns the port
 * @throws UserError `port-taken`, `port-not-allowed`, `no-such-host`
 */
export async function listen(server: Server, host: string, port?: number): Promise<number> {
  const ports = port === undefined ? Array.from({ length: 20 }, (_, i) => usualPort + i) : [port];
  for (const [i, candidate] of ports.entries()) {
    try {
      await listening(server, host, candidate);
      return (server.address() as AddressInfo).port;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE' && i < ports.length - 1) continue;
      throw explained(error, host, candidate);
    }
  }
  throw new Error('No port was tried.');
}

// ---- below: internals ----

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function explained(error: unknown, host: string, port: number): unknown {
  const because = { cause: error };
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new UserError(
        'port-taken',
        `Port ${port} of ${host} is taken by another program, perhaps a studio that is still running. Stop that one, or give another port: --port ${port + 1}.`,
        because,
      );
    case 'EACCES':
      return new UserError(
        'port-not-allowed',
        `This account may not listen on port ${port} of ${host}. Give a port from 1024 on: --port ${usualPort}.`,
        because,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EADDRNOTAVAIL':
      return new UserError(
        'no-such-host',
        `${host} is no address of this machine. Give 127.0.0.1 for this machine alone, or one of its addresses in the network, or 0.0.0.0 for all of them.`,
        because,
      );
    default:
      return error;
  }
}
