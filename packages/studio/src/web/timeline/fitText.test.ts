import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextFitter } from './fitText.ts';

const fitter = () => new TextFitter((text) => [...text].length * 6);

describe('fitting a text to its room', () => {
  it('keeps what fits, cuts what does not, and gives nothing where too little would be left', () => {
    expect(fitter().fit('nodding', 42)).toBe('nodding');
    expect(fitter().fit('nodding', 41)).toBe('noddi…');
    expect(fitter().fit('nodding', 24)).toBe('nod…');
    expect(fitter().fit('nodding', 23)).toBe('');
  });

  it('leaves no blank before the ellipsis', () => {
    expect(fitter().fit('head up', 36)).toBe('head…');
  });

  it('never gives more than the room', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.double({ min: 0, max: 300, noNaN: true }), (text, room) => {
        const fitted = fitter().fit(text, room);
        expect(fitted === '' || fitter().width(fitted) <= room).toBe(true);
      }),
    );
  });

  it('measures a text once', () => {
    let measured = 0;
    const counting = new TextFitter((text) => {
      measured++;
      return text.length * 6;
    });
    for (let room = 0; room < 100; room++) counting.fit('touching nose', room);
    expect(measured).toBe('touching nose'.length);
  });
});
