import { describe, expect, it } from 'vitest';
import { Dice } from '../dice.ts';
import { drawLook } from './look.ts';

describe('drawLook', () => {
  it('draws colours that all readers of #rrggbb understand', () => {
    for (let seed = 0; seed < 200; seed++) {
      const { skin, eyes, hair, top, bottom, shoes, glasses } = drawLook(new Dice(seed));
      const colours = [skin, eyes, hair.colour, top.colour, top.second, bottom.colour, shoes];
      for (const colour of glasses ? [...colours, glasses.colour] : colours) expect(colour).toMatch(/^#[0-9a-f]{6}$/);
    }
  });

  it('draws all styles, and people who differ', () => {
    const looks = Array.from({ length: 300 }, (_, seed) => drawLook(new Dice(seed)));
    const count = (of: (look: (typeof looks)[number]) => unknown) => new Set(looks.map(of)).size;
    expect(count(({ hair }) => hair.style)).toBe(5);
    expect(count(({ top }) => top.cut)).toBe(4);
    expect(count(({ top }) => top.pattern)).toBe(4);
    expect(count(({ bottom }) => bottom.kind)).toBe(3);
    expect(count(({ skin }) => skin)).toBe(7);
    expect(count((look) => JSON.stringify(look))).toBeGreaterThan(295);
  });
});
