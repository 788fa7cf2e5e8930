import { microActions52 } from 'microaction';
import { type Colour, contrast, parseColour } from 'microaction/time-line';
import { describe, expect, it } from 'vitest';
import { partColours } from './palette.ts';

const grounds: readonly [theme: string, ground: Colour][] = [
  ['light', [255, 255, 255]],
  ['dark', [22, 24, 27]],
];

describe.each(grounds)('the colours of bars on a %s ground', (_, ground) => {
  const parts = [...microActions52.bodyParts.keys(), microActions52.bodyParts.length].map((part) =>
    partColours(part, ground),
  );

  it('let every text be read (contrast 4.5) and every bar be seen (3)', () => {
    for (const { coded, proposed, rejected } of parts) {
      for (const { fill, edge, ink } of [coded, ...proposed, rejected]) {
        expect(contrast(parseColour(ink), parseColour(fill))).toBeGreaterThanOrEqual(4.5);
        expect(contrast(parseColour(edge), ground)).toBeGreaterThanOrEqual(3);
      }
    }
  });

  it('stand out more the surer a proposal is, and most when coded', () => {
    for (const { coded, proposed } of parts) {
      const steps = [...proposed, coded].map(({ fill }) => contrast(parseColour(fill), ground));
      expect([...steps].sort((a, b) => a - b)).toEqual(steps);
    }
  });
});
