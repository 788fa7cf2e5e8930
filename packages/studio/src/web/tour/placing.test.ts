import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeNote } from './placing.ts';

const room = { width: 1280, height: 800 };
const note = { width: 320, height: 150 };

describe('where a note of the tour stands', () => {
  it('is below its control where there is room, else above', () => {
    expect(placeNote({ left: 600, top: 40, width: 80, height: 30 }, note, room)).toEqual({ left: 480, top: 82 });
    expect(placeNote({ left: 600, top: 740, width: 80, height: 30 }, note, room)).toEqual({ left: 480, top: 578 });
  });

  it('is beside a control that is as high as the window', () => {
    expect(placeNote({ left: 900, top: 0, width: 380, height: 800 }, note, room)).toEqual({ left: 568, top: 325 });
  });

  it('is in the window, and beside any control that leaves room on a side', () => {
    const box = fc.record({
      left: fc.integer({ min: 0, max: 1200 }),
      top: fc.integer({ min: 0, max: 760 }),
      width: fc.integer({ min: 10, max: 1280 }),
      height: fc.integer({ min: 10, max: 800 }),
    });
    fc.assert(
      fc.property(box, (anchor) => {
        const { left, top } = placeNote(anchor, note, room);
        expect(left).toBeGreaterThanOrEqual(12);
        expect(top).toBeGreaterThanOrEqual(12);
        expect(left + note.width).toBeLessThanOrEqual(room.width - 12);
        expect(top + note.height).toBeLessThanOrEqual(room.height - 12);
        const hasRoom =
          anchor.top + anchor.height + 24 + note.height <= room.height || anchor.top - note.height - 24 >= 0;
        const isOver =
          left < anchor.left + anchor.width &&
          left + note.width > anchor.left &&
          top < anchor.top + anchor.height &&
          top + note.height > anchor.top;
        if (hasRoom) expect(isOver).toBe(false);
      }),
    );
  });
});
