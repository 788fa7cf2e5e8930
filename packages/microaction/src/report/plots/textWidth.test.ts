import { createCanvas } from '@napi-rs/canvas';
import { expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { textWidth } from './textWidth.ts';

it('grows with the size, and takes marks for nothing and Chinese for whole squares', () => {
  expect(textWidth('nodding', 20)).toBe(2 * textWidth('nodding', 10));
  expect(textWidth('Égalité', 10)).toBe(textWidth('Egalite', 10));
  expect(textWidth('点头', 10)).toBe(20);
  expect(textWidth('', 10)).toBe(0);
});

const context = createCanvas(10, 10).getContext('2d');
context.font = '100px "Liberation Sans", Arimo, Arial';
const hasArial = Math.abs(context.measureText('Wil').width - 138.8) < 0.1;

it.skipIf(!hasArial)('is that of a font as wide as Arial, without kerning (skipped where there is none)', () => {
  for (const { name } of microActions52.actions) {
    expect(Math.abs(textWidth(name, 100) - context.measureText(name).width), name).toBeLessThan(12);
  }
});
