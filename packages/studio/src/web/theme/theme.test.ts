import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./theme.css', import.meta.url), 'utf8');

/** Tokens by name: their colour in the light and in the dark. */
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(([, name, light, dark]) => [
    name,
    { light, dark },
  ]),
);

/** Relative luminance as WCAG 2 has it. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const grounds = ['ground', 'panel', 'raised', 'chosen'];
/** What is read as text, on what; at least 4.5 to 1. */
const textPairs = [
  ...['ink', 'ink-2', 'accent', 'danger', 'warn', 'ok'].flatMap((ink) => grounds.map((ground) => [ink, ground])),
  ['accent-ink', 'accent'],
  ['danger-ink', 'danger'],
];
/** Outlines of controls and of the focus; at least 3 to 1. */
const edgePairs = ['edge', 'focus'].flatMap((edge) => grounds.map((ground) => [edge, ground]));

describe('the colours', () => {
  it.each(['light', 'dark'] as const)('have the contrast of WCAG AA when it is %s', (scheme) => {
    const colour = (name: string) => tokens.get(name)![scheme];
    const weak = (pairs: readonly string[][], least: number) =>
      pairs.filter(([a, b]) => contrast(colour(a), colour(b)) < least).map((pair) => pair.join(' on '));
    expect(weak(textPairs, 4.5)).toEqual([]);
    expect(weak(edgePairs, 3)).toEqual([]);
  });

  it('are known to be measured right: black on white is 21 to 1', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });
});
