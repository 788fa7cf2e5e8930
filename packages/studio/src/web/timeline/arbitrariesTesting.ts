import fc from 'fast-check';
import { microActions52 } from 'microaction';
import { FrameGrid } from './frameGrid.ts';
import type { TimeLineInstance } from './types.ts';

/** Frame boundaries of videos of up to a minute, some with frames of many lengths. */
export const grids: fc.Arbitrary<FrameGrid> = fc
  .record({
    first: fc.double({ min: 0, max: 0.5, noNaN: true }),
    frames: fc.array(fc.double({ min: 0.004, max: 0.5, noNaN: true }), { minLength: 1, maxLength: 120 }),
  })
  .map(({ first, frames }) => {
    const boundaries = [first];
    for (const seconds of frames) boundaries.push(boundaries[boundaries.length - 1] + seconds);
    return new FrameGrid(Float64Array.from(boundaries.slice(0, -1)), boundaries[boundaries.length - 1]);
  });

/** Any instances of any actions, within a minute; ids `0`, `1`, ... */
export const instanceLists: fc.Arbitrary<TimeLineInstance[]> = fc
  .array(
    fc.record({
      action: fc.constantFrom(...microActions52.actions.map(({ name }) => name)),
      start: fc.double({ min: 0, max: 59, noNaN: true }),
      seconds: fc.double({ min: 0.01, max: 5, noNaN: true }),
      state: fc.constantFrom('coded' as const, 'proposed' as const, 'rejected' as const),
    }),
    { maxLength: 60 },
  )
  .map((list) =>
    list.map(({ action, start, seconds, state }, i) => ({
      id: String(i),
      action,
      start,
      end: Math.min(60, start + seconds),
      state,
    })),
  );
