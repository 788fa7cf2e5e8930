import { microActions52 } from 'microaction';
import { expect, it } from 'vitest';
import { actions as chinese } from '../../contract/chineseNames.ts';
import { searchActions } from './searchActions.ts';
import { parseTime } from './times.ts';

const names = (query: string, titleOf = (name: string) => name) =>
  searchActions(microActions52, query, titleOf).map(({ name }) => name);

it('a search finds labels by the beginnings of words first, and by other names', () => {
  expect(names('nod')[0]).toBe('nodding');
  expect(names('nose')).toEqual(['touching nose']);
  expect(names('touch neck')).toEqual(['scratching or touching neck']);
  expect(names('fold')[0]).toBe('crossing arms');
  expect(names('hand on hips')).toEqual(['arms akimbo']);
});

it('a search finds labels by code, and by their names in Chinese', () => {
  expect(names('c10')).toEqual(['retracting arms']);
  expect(names('点头', (name) => chinese[name])).toEqual(['nodding']);
});

it('a search for nothing finds all, and for nonsense none', () => {
  expect(names('  ')).toHaveLength(52);
  expect(names('xyzzy')).toEqual([]);
});

it('times are read as people write them', () => {
  expect(['12.4', '12,4', '1:02.400', '1:00:02', '０:05'].map(parseTime)).toEqual([12.4, 12.4, 62.4, 3602, 5]);
  expect(['', 'abc', '1:75', '-3', '1:2:3:4'].map(parseTime)).toEqual(Array(5).fill(undefined));
});
