import { expect, it } from 'vitest';
import { ProgramCache } from './programCache.ts';

it('lets go of what was not used for longest, before it makes another', async () => {
  const events: string[] = [];
  const make = (name: string) => async () => {
    events.push(`made ${name}`);
    return {
      name,
      async [Symbol.asyncDispose]() {
        events.push(`freed ${name}`);
      },
    };
  };
  const cache = new ProgramCache<Awaited<ReturnType<ReturnType<typeof make>>>>(1);
  const get = (name: string, size: number) => cache.get(name, make(name), size);
  await get('a', 0.4);
  await get('b', 0.4);
  await get('a', 0.4);
  await get('c', 0.5);
  expect(events).toEqual(['made a', 'made b', 'freed b', 'made c']);
  expect((await get('large', 7)).name).toBe('large');
  expect(events.slice(4)).toEqual(['freed a', 'freed c', 'made large']);
  await cache[Symbol.asyncDispose]();
  expect(events.slice(7)).toEqual(['freed large']);
});
