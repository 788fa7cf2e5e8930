import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth, printable, truncate } from './printable.ts';

describe('text on a terminal', () => {
  it('loses what would move the cursor, turn the writing or break the line', () => {
    expect(printable('nod\u001b[2J\nding\u202e.mp4\u0007')).toBe('nod[2J ding.mp4');
  });

  it('counts two cells for East Asian characters and emoji, none for combining accents', () => {
    expect(['nod', '点头', 'ノ', '👋', 'e\u0301'].map(displayWidth)).toEqual([3, 4, 2, 2, 1]);
  });

  it('is cut with an ellipsis only where it is too long', () => {
    expect(truncate('head pitch', 10)).toBe('head pitch');
    expect(truncate('head pitch', 9)).toBe('head pit…');
    expect(truncate('点头点头', 6)).toBe('点头…');
  });

  it('never takes more cells than it may', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, cells) => {
        expect(displayWidth(truncate(printable(text), cells))).toBeLessThanOrEqual(cells);
      }),
    );
  });
});
