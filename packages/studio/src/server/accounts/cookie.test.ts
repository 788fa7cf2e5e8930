import { describe, expect, it } from 'vitest';
import { cookieSecret, endedCookie, signInCookie } from './cookie.ts';

const sent = (cookie: string) => cookieSecret(new Request('http://x', { headers: { cookie } }));

describe('the cookie of a sign-in', () => {
  it('is for this site, not for scripts, for 30 days; behind TLS for TLS only', () => {
    expect(signInCookie('abc', false)).toBe('microaction=abc; HttpOnly; SameSite=Strict; Path=/; Max-Age=2592000');
    expect(signInCookie('abc', true)).toMatch(/; Secure$/);
    expect(endedCookie(true)).toBe('microaction=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0; Secure');
  });

  it('is found among others, whatever they are', () => {
    expect(sent('microaction=abc')).toBe('abc');
    expect(sent('a=1; microaction=abc=; b')).toBe('abc=');
    expect(sent('a=1;microaction=abc')).toBe('abc');
    for (const other of ['', 'microaction', 'xmicroaction=abc', 'a="; microaction2=abc"', ';;=;'])
      expect(sent(other)).toBeUndefined();
  });
});
