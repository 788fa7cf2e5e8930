import { expect, it } from 'vitest';
import { commandOf, keys, type Stroke } from './keyboard.ts';

const stroke = (key: string, more: Partial<Stroke> = {}): Stroke => ({
  key,
  code: '',
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...more,
});

it.each([
  [stroke(' '), 'playPause'],
  [stroke(','), 'frameBack'],
  [stroke('<', { code: 'Comma', shiftKey: true }), 'tenFramesBack'],
  [stroke(':', { code: 'Period', shiftKey: true }), 'tenFramesForward'],
  [stroke('L', { shiftKey: true }), 'faster'],
  [stroke('Tab', { shiftKey: true }), 'previousInstance'],
  [stroke('+', { shiftKey: true }), 'zoomIn'],
  [stroke('?', { shiftKey: true }), 'help'],
  [stroke('0', { ctrlKey: true }), undefined],
  [stroke('x'), undefined],
] as const)('%j does %s', (pressed, command) => {
  expect(commandOf(pressed)).toBe(command);
});

it('no stroke has two meanings', () => {
  const names = keys.flatMap((key) => key.names);
  expect(new Set(names).size).toBe(names.length);
});
