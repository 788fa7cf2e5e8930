import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonScanner } from './jsonScanner.ts';

const seeded = { seed: 7, numRuns: 500 };
const scan = (text: string) => new JsonScanner(new TextEncoder().encode(text), 'made.json');

/** Rebuilds the whole value, with objects as lists of pairs. */
function rebuild(json: JsonScanner): unknown {
  if (json.nextIsObject()) {
    const pairs: [string, unknown][] = [];
    json.object((key) => pairs.push([key, rebuild(json)]));
    return Object.fromEntries(pairs);
  }
  if (!json.nextIsArray()) return json.value();
  const items: unknown[] = [];
  json.array(() => items.push(rebuild(json)));
  return items;
}

describe('JsonScanner', () => {
  it('reads what JSON.parse reads, in any layout', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 1, 3), (text, indent) => {
        const laidOut = JSON.stringify(JSON.parse(text), null, indent);
        const json = scan(laidOut);
        expect(rebuild(json)).toEqual(JSON.parse(laidOut));
        json.end();
        const skipped = scan(laidOut);
        skipped.skip();
        skipped.end();
      }),
      seeded,
    );
  });

  it('gives numbers to the last bit', () => {
    const digits = fc.tuple(fc.integer(), fc.nat(18)).map(([n, places]) => (n / 1e4).toFixed(places));
    const text = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }).map(String), digits);
    fc.assert(
      fc.property(text, (number) => {
        let found: unknown;
        const json = scan(`[${number} ]`);
        json.array(() => (found = json.value()));
        expect(found).toBe(Number(number));
      }),
      { ...seeded, numRuns: 3000 },
    );
  });

  it.each([
    '{"a"',
    '{"a":}',
    '[1,]',
    '[1 2]',
    '{"a":1,}',
    '["a',
    '[01x]',
    '[1..2]',
    '[.5]',
    '[-]',
    '["\\q"]',
    '',
    '[tru]',
  ])('refuses %s and says where', (text) => {
    const json = scan(text);
    expect(() => {
      rebuild(json);
      json.end();
    }).toThrow(/^made\.json: line 1, byte \d+: found .*, expected /);
  });

  it('refuses anything damaged without ever hanging or throwing something else', () => {
    const damaged = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', '{', ']', ',', '\\', 'x'))
      .map(([text, at, put]) => text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + 1));
    fc.assert(
      fc.property(damaged, (text) => {
        for (const read of [rebuild, (json: JsonScanner) => json.skip()]) {
          try {
            read(scan(text));
          } catch (error) {
            expect((error as Error).name).toBe('UserError');
          }
        }
      }),
      seeded,
    );
  });
});
