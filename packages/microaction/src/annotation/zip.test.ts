import { zipSync } from 'fflate';
import { describe, expect, it, vi } from 'vitest';
import { isZip, unzip, zip } from './zip.ts';

const text = (content: string) => new TextEncoder().encode(content);
const archive = () => zip(new Map([['prediction.csv', text('vid\n'.repeat(50))]]));

describe('zip archives', () => {
  it('come back the same, and are the same bytes whenever they are made', () => {
    const files = new Map([
      ['prediction.csv', text('a,b\n1,2\n')],
      ['ünï/empty.txt', text('')],
    ]);
    const later = vi.useFakeTimers({ now: new Date(2031, 5, 6) });
    const bytes = zip(files);
    later.useRealTimers();
    expect(isZip(bytes)).toBe(true);
    expect(unzip(bytes, 'a.zip')).toEqual(files);
    expect(zip(files)).toEqual(bytes);
  });

  it('give their files without their folders', () => {
    expect([...unzip(zipSync({ folder: { 'a.csv': text('x') } }), 'a.zip').keys()]).toEqual(['folder/a.csv']);
    expect([...unzip(zipSync({ 'folder/': new Uint8Array(0) }), 'a.zip')]).toEqual([]);
  });

  it('that unfold beyond measure are refused before memory is taken', () => {
    const bomb = zip(new Map([['zeros', new Uint8Array(2 ** 22)]]));
    expect(bomb.length).toBeLessThan(2 ** 13);
    expect(() => unzip(bomb, 'bomb.zip', { files: 10, bytes: 2 ** 20 })).toThrow(
      'bomb.zip: it unfolds to more than 1048576 bytes',
    );
    const many = zip(new Map(Array.from({ length: 11 }, (_, i) => [`${i}`, text('')])));
    expect(() => unzip(many, 'many.zip', { files: 10, bytes: 2 ** 20 })).toThrow('holds more than 10 files');
  });

  it('that state less than they hold take no more than they state', () => {
    const lying = zip(new Map([['zeros', new Uint8Array(2 ** 20)]]));
    const view = new DataView(lying.buffer);
    const directory = view.getUint32(lying.length - 22 + 16, true);
    view.setUint32(directory + 24, 10, true); // uncompressed size
    let largest = 0;
    try {
      for (const content of unzip(lying, 'lying.zip').values()) largest = Math.max(largest, content.buffer.byteLength);
    } catch (error) {
      expect(error).toMatchObject({ code: 'bad-zip' });
    }
    expect(largest).toBeLessThanOrEqual(10);
  });

  it('that share one content among many names count it for each', () => {
    const whole = zip(new Map([['a', new Uint8Array(2 ** 18)]]));
    const view = new DataView(whole.buffer);
    const start = view.getUint32(whole.length - 22 + 16, true);
    const entry = whole.slice(start, whole.length - 22);
    const entries = Array.from({ length: 8 }, (_, i) => {
      const copy = entry.slice();
      copy[46] = 0x61 + i; // its name
      return copy;
    });
    const end = whole.slice(-22);
    const endView = new DataView(end.buffer);
    endView.setUint16(8, 8, true);
    endView.setUint16(10, 8, true);
    const overlapping = new Uint8Array([...whole.slice(0, start), ...entries.flatMap((copy) => [...copy]), ...end]);
    expect(unzip(overlapping, 'a.zip').size).toBe(8);
    expect(() => unzip(overlapping, 'a.zip', { files: 10, bytes: 2 ** 20 })).toThrow('unfolds to more than');
    new DataView(overlapping.buffer).setUint8(start + 46 + entry.length, 0x61); // b becomes a second a
    expect(() => unzip(overlapping, 'a.zip')).toThrow('"a" is in it twice');
  });

  it('that are damaged say so', () => {
    expect(() => unzip(archive().subarray(0, 40), 'cut.zip')).toThrow('cut.zip: not a readable zip archive');
    const whole = unzip(archive(), 'whole.zip');
    for (let at = 0; at < archive().length; at++) {
      const damaged = archive();
      damaged[at] ^= 0xff;
      try {
        // What is not needed to unfold it, such as dates, may be damaged; then the content is whole.
        for (const content of unzip(damaged, 'damaged.zip').values()) {
          expect(content).toEqual(whole.get('prediction.csv'));
        }
      } catch (error) {
        expect(error).toMatchObject({ name: 'UserError', code: 'bad-zip' });
      }
    }
  });
});
