import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outputNames } from './outputNames.ts';

describe('names of what is written', () => {
  it('are the videos own, without ending', () => {
    expect(outputNames(['a/interview.mp4', 'b/nod.2.webm'])).toEqual(['interview', 'nod.2']);
  });

  it('keep the ending where only that differs', () => {
    expect(outputNames(['nod.mp4', 'nod.webm', 'shrug.mp4'])).toEqual(['nod.mp4', 'nod.webm', 'shrug']);
  });

  it('take the folder where the whole name is the same', () => {
    expect(outputNames(['a/nod.mp4', 'b/nod.mp4'])).toEqual(['a-nod', 'b-nod']);
  });

  it('take a number where that is the same too', () => {
    expect(outputNames(['x/a/nod.mp4', 'y/a/nod.mp4'])).toEqual(['nod-1', 'nod-2']);
  });

  it('differ even to a disk that ignores case', () => {
    const part = fc.constantFrom('a', 'A', 'a.mp4', 'nod', 'nod-1', 'a-nod', 'b');
    const path = fc
      .tuple(part, part, fc.constantFrom('.mp4', '.MP4', ''))
      .map(([dir, name, end]) => `${dir}/${name}${end}`);
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 12 }), (paths) => {
        const names = outputNames(paths);
        expect(names).toHaveLength(paths.length);
        expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(paths.length);
        expect(names.every((name) => name.length > 0)).toBe(true);
      }),
    );
  });
});
