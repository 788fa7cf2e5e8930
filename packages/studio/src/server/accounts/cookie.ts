import { signInDays } from './signIns.ts';

/** The secret in a request's cookie. */
export function cookieSecret(request: Request): string | undefined {
  const name = cookieName(request);
  const cookies = request.headers.get('Cookie') ?? '';
  for (const part of cookies.split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

/** `Set-Cookie`: no script can read it, no other site can make a browser send it. */
export const signInCookie = (secret: string, request: Request, isHttps: boolean) =>
  cookie(request, secret, signInDays * 86_400, isHttps);

/** `Set-Cookie` that takes it away. */
export const endedCookie = (request: Request, isHttps: boolean) => cookie(request, '', 0, isHttps);

// ---- below: internals ----

/** Browsers keep cookies by host and not by port: two studios on one machine must not sign each other's people out. */
function cookieName(request: Request): string {
  const [, port] = /:(\d+)$/.exec(request.headers.get('Host') ?? '') ?? [];
  return port ? `microaction-${port}` : 'microaction';
}

const cookie = (request: Request, value: string, maxAgeSeconds: number, isHttps: boolean) =>
  `${cookieName(request)}=${value}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${maxAgeSeconds}${isHttps ? '; Secure' : ''}`;
