import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choosePerson, linkSightings, planCrops, type Sighting } from './findPerson.ts';

describe('telling persons apart', () => {
  const left = [at(0, 100), at(1, 104), at(2, 98)];
  const right = [at(0, 500, 150), at(1, 495, 150), at(2, 505, 150)];

  it('follows each by place and size, in whatever order they are seen', () => {
    const persons = linkSightings([
      [left[0], right[0]],
      [right[1], left[1]],
      [left[2], right[2]],
    ]);
    expect(persons).toEqual([left, right]);
  });

  it('goes on after a moment in which a person was not seen', () => {
    expect(linkSightings([[left[0]], [], [left[2]]])).toEqual([[left[0], left[2]]]);
  });

  it('takes the largest person, unless a box says otherwise', () => {
    expect(choosePerson([left, right])).toBe(left);
    expect(choosePerson([left, right], { x: 450, y: 0, width: 100, height: 150 })).toBe(right);
  });

  it('prefers one who stays to one who passes by', () => {
    expect(choosePerson([[at(0, 300, 250)], left])).toBe(left);
  });

  it('takes nobody when the box shows nobody, or nobody is there', () => {
    expect(choosePerson([left, right], { x: 800, y: 0, width: 100, height: 150 })).toBeNull();
    expect(choosePerson([])).toBeNull();
  });
});

describe('planning where to look', () => {
  it('keeps one pair of squares for a person that stays, and the person is inside', () => {
    const person = [at(1, 100), at(3, 130), at(5, 90)];
    const segments = planCrops(person, 6);
    expect(segments).toHaveLength(1);
    expect(segments[0]).toMatchObject({ startSeconds: 0, endSeconds: 6 });
  });

  it('takes new squares when the person has moved away, half-way in time', () => {
    const segments = planCrops([at(1, 100), at(3, 110), at(5, 600), at(7, 610)], 8);
    expect(segments.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])).toEqual([
      [0, 4],
      [4, 8],
    ]);
  });

  it('covers the whole video without gaps, and every sighting with its square', () => {
    const walk = fc.array(fc.tuple(fc.double({ min: 0, max: 2000, noNaN: true }), fc.integer({ min: 80, max: 400 })), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(walk, (steps) => {
        const person = steps.map(([x, size], index) => at(index + 0.5, x, size));
        const segments = planCrops(person, person.length);
        expect(segments[0].startSeconds).toBe(0);
        expect(segments.at(-1)!.endSeconds).toBe(person.length);
        for (const [index, segment] of segments.entries()) {
          if (index > 0) expect(segment.startSeconds).toBe(segments[index - 1].endSeconds);
          expect(segment.moveNet.width).toBeCloseTo(segment.moveNet.height);
          const inside = person.filter(
            ({ timeSeconds }) => timeSeconds >= segment.startSeconds && timeSeconds < segment.endSeconds,
          );
          for (const { body } of inside) {
            expect(body.x).toBeGreaterThanOrEqual(segment.moveNet.x);
            expect(body.x + body.width).toBeLessThanOrEqual(segment.moveNet.x + segment.moveNet.width);
          }
        }
      }),
    );
  });
});

/** A person that stands at x, `size` high and half as wide. */
function at(timeSeconds: number, x: number, size = 200): Sighting {
  const square = { x: x - size / 4, y: 0, width: size, height: size };
  return { timeSeconds, body: { x, y: 0, width: size / 2, height: size }, square };
}
