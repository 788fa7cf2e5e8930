import fc from 'fast-check';
import { microActions52 } from 'microaction';
import { TimeScale } from 'microaction/time-line';
import { describe, expect, it } from 'vitest';
import { instanceLists } from './arbitrariesTesting.ts';
import { divide } from './areas.ts';
import { type Hit, hitTest } from './hitTest.ts';
import { laneTop, layOutTiers } from './tierLayout.ts';
import type { TimeLineInstance } from './types.ts';

const widthPixels = 1000;

/** A minute on 1000 pixels, unless a part of it is in view. */
function stateOf(instances: readonly TimeLineInstance[], { selected = [] as string[], from = 0, to = 60 } = {}) {
  const areas = divide(widthPixels, 500, 2);
  const content = { taxonomy: microActions52, instances, layers: [], unfolded: new Set<string>() };
  const scale = new TimeScale(60, widthPixels, from, to);
  return { areas, scale, scrollTop: 0, layout: layOutTiers(content, areas.tiers.height), selection: new Set(selected) };
}

type Testable = ReturnType<typeof stateOf>;

const middleOf = ({ layout, areas }: Testable, id: string) => {
  const { tier, lane } = layout.places.get(id)!;
  return areas.tiers.top + laneTop(tier, lane) + tier.laneHeight / 2;
};

const nod = (id: string, start: number, end: number): TimeLineInstance => ({
  id,
  action: 'nodding',
  start,
  end,
  state: 'coded',
});

const meaning = (hit: Hit) =>
  hit.kind === 'edge' ? `${hit.edge} of ${hit.instance.id}` : hit.kind === 'body' ? hit.instance.id : hit.kind;

describe('what is under the pointer', () => {
  it('is an edge within six pixels, the body between, the tier beside', () => {
    const state = stateOf([nod('a', 12, 24)]); // 200 to 400 pixels
    const y = middleOf(state, 'a');
    const at = (x: number) => meaning(hitTest(state, x, y));
    expect([193, 194, 206, 207, 300, 393, 394, 406, 407].map(at)).toEqual([
      'tier',
      'start of a',
      'start of a',
      'a',
      'a',
      'a',
      'end of a',
      'end of a',
      'tier',
    ]);
  });

  it('leaves at least six pixels to each edge of a bar that stands alone, however tiny', () => {
    const spans = fc.tuple(fc.double({ min: 1, max: 58, noNaN: true }), fc.double({ min: 0.01, max: 1, noNaN: true }));
    fc.assert(
      fc.property(spans, ([start, seconds]) => {
        const state = stateOf([nod('a', start, start + seconds)]);
        const y = middleOf(state, 'a');
        const hits = Array.from({ length: widthPixels }, (_, x) => meaning(hitTest(state, x, y)));
        for (const edge of ['start of a', 'end of a']) {
          expect(hits.filter((hit) => hit === edge).length).toBeGreaterThanOrEqual(6);
        }
      }),
    );
  });

  it('leaves the body of a tiny bar between neighbours to itself, and its edges once it is selected', () => {
    const bars = [nod('a', 6, 12), nod('b', 12, 12.18), nod('c', 12.18, 18)]; // b: 200 to 203 pixels
    const y = middleOf(stateOf(bars), 'b');
    expect(meaning(hitTest(stateOf(bars), 201.5, y))).toBe('b');
    expect(meaning(hitTest(stateOf(bars), 197, y))).toBe('end of a');
    const selected = stateOf(bars, { selected: ['b'] });
    expect([195, 201.5, 208].map((x) => meaning(hitTest(selected, x, y)))).toEqual(['start of b', 'b', 'end of b']);
  });

  it('is always the instance whose bar it is, or one whose edge is near', () => {
    fc.assert(
      fc.property(instanceLists, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (instances, pick, share) => {
        fc.pre(instances.length > 0);
        const picked = instances[pick % instances.length];
        const state = stateOf(instances);
        const x = state.scale.toX(picked.start + share * (picked.end - picked.start));
        const hit = hitTest(state, x, middleOf(state, picked.id));
        expect(['edge', 'body']).toContain(hit.kind);
        if (hit.kind !== 'edge' && hit.kind !== 'body') return;
        const away = Math.max(state.scale.toX(hit.instance.start) - x, x - state.scale.toX(hit.instance.end));
        expect(away).toBeLessThanOrEqual(7);
      }),
    );
  });

  it('is a row, the axis or the overview elsewhere', () => {
    const state = stateOf([]);
    const { rows, axis, overview } = state.areas;
    const kinds = [rows[1], axis, overview].map(({ top }) => hitTest(state, 500, top + 2).kind);
    expect(kinds).toEqual(['row', 'axis', 'overview']);
    expect(hitTest(state, 500, -1).kind).toBe('nothing');
    expect(hitTest(state, 500, axis.top - 2).kind).toBe('nothing'); // below the last tier
  });
});
