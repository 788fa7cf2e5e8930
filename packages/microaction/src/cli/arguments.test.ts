import { describe, expect, it } from 'vitest';
import { namesOf, numberWhere, region } from './arguments.ts';

describe('a number on the command line', () => {
  const score = numberWhere((value) => value >= 0 && value <= 1, 'a number from 0 to 1');

  it.each([
    ['0', 0],
    ['.25', 0.25],
    ['1.', 1],
    ['5e-1', 0.5],
  ])('may be %s', (text, value) => expect(score(text)).toBe(value));

  it.each(['', ' ', '0,5', '0.5 ', '0x1', '1_0', 'NaN', 'Infinity', '-0.1', '1.1', '1e999', 'half'])(
    'may not be "%s"',
    (text) => expect(() => score(text)).toThrow('Expected a number from 0 to 1.'),
  );
});

describe('a box on the command line', () => {
  it('is four numbers; it may begin left of or above the picture', () => {
    expect(region('-5,0.5,100, 200')).toEqual({ x: -5, y: 0.5, width: 100, height: 200 });
  });

  it.each(['', '1,2,3', '1,2,3,4,5', '1,2,0,4', '1,2,3,-4', '1,2,3,x', '1 2 3 4'])('may not be "%s"', (text) =>
    expect(() => region(text)).toThrow(/X,Y,W,H/),
  );
});

describe('names on the command line', () => {
  const names = namesOf(['json', 'csv', 'eaf'], 'format');

  it('are a list without repeats, and add to those given before', () => {
    expect(names('CSV, json,csv')).toEqual(['csv', 'json']);
    expect(names('eaf', ['csv'])).toEqual(['csv', 'eaf']);
  });

  it('are refused with the known ones', () => {
    expect(() => names('json,xml')).toThrow('There is no format "xml"; known: json, csv, eaf.');
    expect(() => names(',')).toThrow(/names no format/);
  });
});
