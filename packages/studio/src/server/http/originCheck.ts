import { Refusal } from './refusal.ts';

/**
 * Refuses what another site's page makes a browser send. Two signs, both set by the browser and out of a page's reach:
 * `Sec-Fetch-Site`, and for unsafe methods `Origin`. Programs that are no browsers send neither.
 *
 * @throws Refusal 403 `cross-origin`
 */
export function checkOrigin(request: Request): void {
  const site = request.headers.get('Sec-Fetch-Site');
  if (site !== null && site !== 'same-origin' && site !== 'none') throw crossOrigin();
  const origin = request.headers.get('Origin');
  if (origin === null || isSafe(request.method)) return;
  // The scheme may differ behind a proxy that ends TLS.
  if (!URL.canParse(origin) || new URL(origin).host !== request.headers.get('Host')?.toLowerCase()) throw crossOrigin();
}

export const isSafe = (method: string) => method === 'GET' || method === 'HEAD';

// ---- below: internals ----

const crossOrigin = () =>
  new Refusal(403, 'cross-origin', 'This came from the page of another site. Open the studio itself and try again.');
