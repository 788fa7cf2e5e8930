import { describe, expect, it } from 'vitest';
import { ByteCache } from './byteCache.ts';

const cacheOf = (mostBytes: number) => new ByteCache<number>(mostBytes, (bytes) => bytes);
const settled = () => new Promise(setImmediate);

describe('a cache bounded in bytes', () => {
  it('lets go of what was asked for longest ago', async () => {
    const cache = cacheOf(10);
    for (const key of ['a', 'b']) cache.put(key, Promise.resolve(4));
    await settled();
    cache.get('a');
    cache.put('c', Promise.resolve(4));
    await settled();
    expect(['a', 'b', 'c'].map((key) => cache.get(key) !== undefined)).toEqual([true, false, true]);
    expect(cache.bytes).toBe(8);
  });

  it('never holds more, whatever is put in it', async () => {
    const cache = cacheOf(10);
    for (let i = 0; i < 50; i++) {
      cache.put(`${i}`, Promise.resolve((i * 7) % 13));
      await settled();
      expect(cache.bytes).toBeLessThanOrEqual(10);
    }
  });

  it('gives what is still being made to whoever asks, and forgets what fails', async () => {
    const cache = cacheOf(10);
    const { promise, reject } = Promise.withResolvers<number>();
    cache.put('a', promise);
    expect(cache.get('a')).toBe(promise);
    reject(new Error('no'));
    await settled();
    expect(cache.get('a')).toBeUndefined();
    expect(cache.bytes).toBe(0);
  });
});
