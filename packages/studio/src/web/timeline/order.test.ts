import { describe, expect, it } from 'vitest';
import { inOrder, nextInstance } from './order.ts';
import type { TimeLineInstance } from './types.ts';

const made = (id: string, start: number, state: TimeLineInstance['state'] = 'coded') =>
  ({ id, action: 'nodding', start, end: start + 1, state }) satisfies TimeLineInstance;
const ordered = inOrder([made('c', 5), made('a', 1), made('d', 9, 'proposed'), made('b', 5)]);
const all = () => true;

describe('going through instances in order of time', () => {
  it('takes those that start together in order of their ids', () => {
    expect(ordered.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('goes on from an instance, both ways, and stops at the ends', () => {
    expect(nextInstance(ordered, 'b', 'forwards', all)?.id).toBe('c');
    expect(nextInstance(ordered, 'b', 'backwards', all)?.id).toBe('a');
    expect(nextInstance(ordered, 'd', 'forwards', all)).toBeUndefined();
    expect(nextInstance(ordered, 'a', 'backwards', all)).toBeUndefined();
  });

  it('goes on from a moment', () => {
    expect(nextInstance(ordered, 5, 'forwards', all)?.id).toBe('b');
    expect(nextInstance(ordered, 5.1, 'forwards', all)?.id).toBe('d');
    expect(nextInstance(ordered, 5, 'backwards', all)?.id).toBe('a');
    expect(nextInstance(ordered, 20, 'backwards', all)?.id).toBe('d');
    expect(nextInstance(ordered, 20, 'forwards', all)).toBeUndefined();
  });

  it('skips what the filter leaves out', () => {
    expect(nextInstance(ordered, 'a', 'forwards', ({ state }) => state === 'proposed')?.id).toBe('d');
  });

  it('begins anew after an instance that is gone', () => {
    expect(nextInstance(ordered, 'gone', 'forwards', all)?.id).toBe('a');
    expect(nextInstance(ordered, 'gone', 'backwards', all)?.id).toBe('d');
  });
});
