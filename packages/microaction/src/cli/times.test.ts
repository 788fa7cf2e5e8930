import { describe, expect, it } from 'vitest';
import { formatClock, formatTime } from './times.ts';

describe('times for people', () => {
  it('are seconds below a minute, and clock times where the video is longer', () => {
    expect(formatTime(12.4)).toBe('12.40');
    expect(formatTime(12.4, 75)).toBe('0:12.40');
    expect(formatTime(62.345)).toBe('1:02.35');
    expect(formatTime(3723.5)).toBe('1:02:03.50');
  });

  it('carry what rounding makes a full minute', () => {
    expect(formatTime(59.999, 75)).toBe('1:00.00');
    expect(formatTime(119.996)).toBe('2:00.00');
  });

  it('left to wait are whole seconds, never less than is left', () => {
    expect(['0.2', '42', '61.1', '3723'].map((text) => formatClock(Number(text)))).toEqual([
      '0:01',
      '0:42',
      '1:02',
      '1:02:03',
    ]);
    expect(formatClock(59.5)).toBe('1:00');
  });
});
