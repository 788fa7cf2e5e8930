import { describe, expect, it } from 'vitest';
import { bodyPartHue } from '../bodyPartColours.ts';
import { contrast, inkOn, parseColour, standingOut } from './colour.ts';
import { shade } from './timeLineView.ts';

const themes = { light: parseColour('rgb(255, 255, 255)'), dark: parseColour('#16181b') };

describe.each(Object.entries(themes))('on the %s ground', (_, ground) => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7])('the label on a bar of body part %i is legible at every score', (part) => {
    for (let score = 0; score <= 1; score += 0.05) {
      const fill = shade(parseColour(bodyPartHue(part)), ground, score);
      expect(contrast(fill, inkOn(fill))).toBeGreaterThan(4.5);
    }
  });

  it.each([0, 1, 2, 3, 4, 5, 6])('the edge of a bar of body part %i stands out', (part) => {
    expect(contrast(standingOut(parseColour(bodyPartHue(part)), ground, 3), ground)).toBeGreaterThanOrEqual(3);
  });
});

it('contrast is 21 between black and white', () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 6);
});
