import { describe, expect, it } from 'vitest';
import { checkOrigin } from './originCheck.ts';

const allows = (method: string, headers: Record<string, string>) => {
  try {
    checkOrigin(
      new Request('http://127.0.0.1:4747/api/x', { method, headers: { Host: '127.0.0.1:4747', ...headers } }),
    );
    return true;
  } catch {
    return false;
  }
};

describe('a request', () => {
  it('of our own pages passes', () => {
    expect(allows('POST', { Origin: 'http://127.0.0.1:4747', 'Sec-Fetch-Site': 'same-origin' })).toBe(true);
    expect(allows('GET', { 'Sec-Fetch-Site': 'same-origin' })).toBe(true);
  });

  it('of a program, or by the address bar, passes', () => {
    expect(allows('POST', {})).toBe(true);
    expect(allows('GET', { 'Sec-Fetch-Site': 'none' })).toBe(true);
  });

  it.each(['http://evil.example', 'http://127.0.0.1:9999', 'http://localhost:4747', 'null', 'nonsense'])(
    'that changes something does not pass from %s',
    (origin) => {
      expect(allows('POST', { Origin: origin })).toBe(false);
      expect(allows('DELETE', { Origin: origin })).toBe(false);
    },
  );

  it('of another site’s page does not pass even to read, nor of another port', () => {
    expect(allows('GET', { 'Sec-Fetch-Site': 'cross-site' })).toBe(false);
    expect(allows('GET', { 'Sec-Fetch-Site': 'same-site' })).toBe(false);
  });

  it('passes behind a proxy that ends TLS', () => {
    expect(allows('POST', { Origin: 'https://127.0.0.1:4747' })).toBe(true);
  });
});
