import { scryptSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Passwords } from './passwords.ts';

const quick = { N: 16, r: 1, p: 1 };

describe('a password', () => {
  it('is accepted by its own hash and no other', async () => {
    const passwords = new Passwords(quick);
    const stored = await passwords.hash('correct horse battery');
    expect(await passwords.verify('correct horse battery', stored)).toBe(true);
    expect(await passwords.verify('correct horse batterz', stored)).toBe(false);
    expect(await passwords.verify('', stored)).toBe(false);
  });

  it('is stored as scrypt’s key of it, with a salt of its own and the cost beside it', async () => {
    const passwords = new Passwords(quick);
    const [a, b] = [await passwords.hash('the same'), await passwords.hash('the same')];
    expect(a).not.toBe(b);
    const [scheme, N, r, p, salt, key] = a.split('$');
    expect([scheme, N, r, p]).toEqual(['scrypt', '16', '1', '1']);
    expect(Buffer.from(key, 'base64url')).toEqual(scryptSync('the same', Buffer.from(salt, 'base64url'), 32, quick));
  });

  it('is still accepted after the cost was raised', async () => {
    const stored = await new Passwords(quick).hash('from before');
    expect(await new Passwords({ N: 64, r: 2, p: 1 }).verify('from before', stored)).toBe(true);
  });

  it('is the same however its letters were typed', async () => {
    const passwords = new Passwords(quick);
    const stored = await passwords.hash('caf\u00e9 au lait');
    expect(await passwords.verify('cafe\u0301 au lait', stored)).toBe(true);
  });

  it('of nobody is never right', async () => {
    expect(await new Passwords(quick).verify('', null)).toBe(false);
  });

  it('waits its turn: of many at once all are answered, and more than that are told to come again', async () => {
    const passwords = new Passwords({ N: 1024, r: 8, p: 1 });
    const all = await Promise.allSettled(Array.from({ length: 60 }, () => passwords.hash('at once')));
    const refused = all.filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(60 - 52);
    expect(refused[0].reason).toMatchObject({ status: 503, code: 'busy', retryAfterSeconds: 5 });
    await expect(passwords.hash('later')).resolves.toMatch(/^scrypt/);
  });
});
