import { expect, it } from 'vitest';
import { layOutRows } from './rows.ts';
import type { Item } from './state.ts';

const kind = (part: number) => ({ name: '', code: '', description: '', part });
const item = (part: number, start: number, end: number): Item => ({
  kind: kind(part),
  start,
  end,
  action: 0,
  score: 1,
  reason: '',
  curve: '',
  number: 1,
});

it('rows follow each other, and grow where instances overlap', () => {
  const rows = layOutRows([item(0, 0, 2), item(0, 1, 3), item(2, 0, 1)], 3, 1000);
  expect(rows.map((row) => row.lanes.length)).toEqual([2, 0, 1]);
  expect(rows[0].height).toBeGreaterThan(rows[1].height);
  rows.forEach((row, i) => {
    expect(row.top).toBe(i === 0 ? 0 : rows[i - 1].top + rows[i - 1].height);
  });
});

it('the busiest rows get thin before they outgrow the room', () => {
  const crowd = Array.from({ length: 12 }, (_, i) => item(0, i * 0.1, 5));
  const rows = layOutRows([...crowd, item(1, 0, 1)], 2, 130);
  expect(rows[0].height + rows[1].height).toBeLessThanOrEqual(130);
  expect(rows[1].laneHeight).toBe(20);
});
