import { describe, expect, it } from 'vitest';
import { cookieSecret, endedCookie, signInCookie } from './cookie.ts';

const from = (headers: Record<string, string>) => new Request('http://x', { headers });
const sent = (cookie: string, host = 'studio.example') => cookieSecret(from({ cookie, host }));

describe('the cookie of a sign-in', () => {
  it('is for this site, not for scripts, for 30 days; behind TLS for TLS only', () => {
    const request = from({ host: 'studio.example' });
    expect(signInCookie('abc', request, false)).toBe(
      'microaction=abc; HttpOnly; SameSite=Strict; Path=/; Max-Age=2592000',
    );
    expect(signInCookie('abc', request, true)).toMatch(/; Secure$/);
    expect(endedCookie(request, true)).toBe('microaction=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0; Secure');
  });

  it('is another one for each port, so that two studios on one machine do not share it', () => {
    expect(signInCookie('abc', from({ host: '127.0.0.1:4747' }), false)).toMatch(/^microaction-4747=abc;/);
    const both = 'microaction-4747=one; microaction-4748=other';
    expect(sent(both, '127.0.0.1:4747')).toBe('one');
    expect(sent(both, '[::1]:4748')).toBe('other');
    expect(sent(both)).toBeUndefined();
  });

  it('is found among others, whatever they are', () => {
    expect(sent('microaction=abc')).toBe('abc');
    expect(sent('a=1; microaction=abc=; b')).toBe('abc=');
    expect(sent('a=1;microaction=abc')).toBe('abc');
    for (const other of ['', 'microaction', 'xmicroaction=abc', 'a="; microaction2=abc"', ';;=;'])
      expect(sent(other)).toBeUndefined();
  });
});
