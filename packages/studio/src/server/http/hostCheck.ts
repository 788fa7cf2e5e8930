import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { Refusal } from './refusal.ts';

/**
 * Refuses requests that come under a foreign name. A page of the web whose name is made to point to this machine (DNS
 * rebinding) is such a request; it could read everything otherwise. An address in figures cannot be re-pointed.
 *
 * @param boundTo - what the server listens on: a loopback address, another one, or a name
 * @param publicNames - under which others reach it as well, in small letters
 * @throws Refusal 421 `foreign-host`
 */
export function checkHost(header: string | null, boundTo: string, publicNames: readonly string[] = []): void {
  const name = hostName(header ?? '');
  if (loopbackNames.has(name)) return;
  if (publicNames.includes(name) || name === boundTo.toLowerCase()) return;
  if (!isLoopback(boundTo) && (isIP(name) > 0 || machineNames().includes(name))) return;
  throw new Refusal(
    421,
    'foreign-host',
    `This studio is not known as "${name.slice(0, 80)}". Open it by the address that the terminal shows; or, if that is how people are to reach it, start it with that name: microaction studio --name ${name.slice(0, 80)}`,
  );
}

/** Whether only this machine reaches it. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

// ---- below: internals ----

const loopbackNames = new Set(['localhost', '127.0.0.1', '::1']);

/** Without port and brackets. */
function hostName(header: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d+)?$/.exec(header.toLowerCase()) ?? [];
  return bracketed ?? plain ?? '';
}

function machineNames(): string[] {
  const own = hostname().toLowerCase();
  return [own, `${own}.local`, `${own.split('.')[0]}.local`];
}
