import { signInDays } from './signIns.ts';

/** The secret in a request's cookie. */
export function cookieSecret(request: Request): string | undefined {
  const cookies = request.headers.get('Cookie') ?? '';
  for (const part of cookies.split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === cookieName) return part.slice(at + 1).trim();
  }
  return undefined;
}

/** `Set-Cookie`: no script can read it, no other site can make a browser send it. */
export const signInCookie = (secret: string, isHttps: boolean) => cookie(secret, signInDays * 86_400, isHttps);

/** `Set-Cookie` that takes it away. */
export const endedCookie = (isHttps: boolean) => cookie('', 0, isHttps);

// ---- below: internals ----

const cookieName = 'microaction';

const cookie = (value: string, maxAgeSeconds: number, isHttps: boolean) =>
  `${cookieName}=${value}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${maxAgeSeconds}${isHttps ? '; Secure' : ''}`;
