import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { checkHost, isLoopback } from './hostCheck.ts';

const allows = (header: string | null, boundTo: string, names?: readonly string[]) => {
  try {
    checkHost(header, boundTo, names);
    return true;
  } catch {
    return false;
  }
};

describe('the name under which a studio is asked', () => {
  it.each(['localhost', 'LOCALHOST:4747', '127.0.0.1:80', '[::1]:4747'])('may be of this machine: %s', (header) => {
    expect(allows(header, '127.0.0.1')).toBe(true);
    expect(allows(header, '0.0.0.0')).toBe(true);
  });

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example:4747',
    'evil.example@127.0.0.1',
    '127.0.0.1:80:90',
    '192.168.0.9',
    '',
    '[::1',
    null,
  ])('may not be another while only this machine reaches it: %s', (header) => {
    expect(allows(header, '127.0.0.1')).toBe(false);
  });

  it('that is refused is told what to do where it is the right one', () => {
    const advice = /not known as "studio\.lab\.example".* microaction studio --name studio\.lab\.example$/;
    expect(() => checkHost('studio.lab.example:80', '127.0.0.1')).toThrow(advice);
  });

  it('may be an address in figures, the machine’s name or a given one where others reach it, but no name of the web', () => {
    for (const header of ['192.168.0.9:4747', '[2001:db8::1]:80', hostname(), `${hostname().split('.')[0]}.local:1`])
      expect(allows(header, '0.0.0.0'), header).toBe(true);
    expect(allows('evil.example', '0.0.0.0')).toBe(false);
    expect(allows('studio.lab.example', '0.0.0.0', ['studio.lab.example'])).toBe(true);
    expect(allows('lab-pc:4747', 'lab-pc')).toBe(true);
  });
});

describe('loopback', () => {
  it.each(['127.0.0.1', '127.9.9.9', 'localhost', '::1', '[::1]'])('is %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });
  it.each(['0.0.0.0', '::', '192.168.0.1', '127.evil.example', 'localhost.evil.example', ''])('is not %s', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});
