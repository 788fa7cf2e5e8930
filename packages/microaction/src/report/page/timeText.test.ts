import { expect, it } from 'vitest';
import { durationText, numberText, timeText } from './timeText.ts';

it.each([
  { seconds: 0, decimals: 3, text: '0:00.000' },
  { seconds: 12.4, decimals: 3, text: '0:12.400' },
  { seconds: 59.9996, decimals: 3, text: '1:00.000' },
  { seconds: 3725.5, decimals: 1, text: '1:02:05.5' },
  { seconds: 65, decimals: 0, text: '1:05' },
])('$seconds seconds are written $text', ({ seconds, decimals, text }) => {
  expect(timeText(seconds, decimals)).toBe(text);
});

it('short durations are seconds with two decimals, long ones minutes', () => {
  expect([1.634, 60, 75.2].map(durationText)).toEqual(['1.63 s', '1:00.000', '1:15.200']);
});

it('numbers get as many digits as their size deserves', () => {
  expect([0, 0.0123, -0.5, 12.345, 1234.6, Number.NaN].map(numberText)).toEqual([
    '0.00',
    '0.012',
    '−0.50',
    '12.3',
    '1235',
    '–',
  ]);
});
