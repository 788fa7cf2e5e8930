import { describe, expect, it } from 'vitest';
import { openTadTiou } from './detectionMap.ts';
import { parseTiou } from './tiou.ts';

describe('parseTiou', () => {
  it('reads one, a list, and a range with both ends, to the last bit', () => {
    expect(parseTiou('0.5')).toEqual([0.5]);
    expect(parseTiou('0.3, 0.5,1')).toEqual([0.3, 0.5, 1]);
    expect(parseTiou('0.1:0.9:0.1')).toEqual(openTadTiou);
    expect(parseTiou('0.5:0.95:0.05')).toHaveLength(10);
    expect(parseTiou('0.1:0.45:0.1')).toEqual([0.1, 0.2, 0.3, 0.4]);
  });

  it.each(['', '0', '1.1', 'half', '0.1:0.9', '0.9:0.1:0.1', '0.1:0.9:0', '0.1:0.9:0.1:2', '0.5,,0.7', '50'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseTiou(text)).toThrow(`found "${text}"`);
    },
  );
});
