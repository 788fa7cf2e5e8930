import fc from 'fast-check';
import { microActions52 } from 'microaction';
import { describe, expect, it } from 'vitest';
import { instanceLists } from './arbitrariesTesting.ts';
import { laneTop, layOutTiers, tierAt, tierPadding } from './tierLayout.ts';
import type { TimeLineInstance } from './types.ts';

const content = (instances: readonly TimeLineInstance[], unfolded: string[] = []) => ({
  taxonomy: microActions52,
  instances,
  layers: [],
  unfolded: new Set(unfolded),
});

const instance = (id: string, action: string, start: number, end: number): TimeLineInstance => ({
  id,
  action,
  start,
  end,
  state: 'coded',
});

describe('tiers', () => {
  it('are one a body part while all are folded, in the order of the taxonomy', () => {
    const { tiers } = layOutTiers(content([]), 1000);
    expect(tiers.map(({ key, kind }) => [key, kind])).toEqual([...'ABCDEFG'].map((code) => [code, 'part']));
  });

  it('are a heading and one an action where a part is unfolded, in order of code', () => {
    const { tiers } = layOutTiers(content([], ['C']), 1000);
    const ofC = tiers.filter(({ part }) => part === 2);
    expect(ofC[0].kind).toBe('heading');
    const codes = ofC.slice(1).map(({ action }) => microActions52.get(action!).code);
    expect(codes).toEqual(Array.from({ length: codes.length }, (_, i) => `C${i + 1}`));
    expect(codes).toHaveLength(microActions52.actionsOf('C').length);
  });

  it('show every instance exactly once, in the tier of its part or action, none over another', () => {
    const foldings = fc.subarray([...'ABCDEFG']);
    fc.assert(
      fc.property(instanceLists, foldings, fc.nat(900), (instances, unfolded, room) => {
        const { tiers, places, heightPixels } = layOutTiers(content(instances, unfolded), room);
        expect(places.size).toBe(instances.length);
        expect(tiers.flatMap((tier) => tier.lanes.flat())).toHaveLength(instances.length);
        let bottom = 0;
        for (const tier of tiers) {
          expect(tier.top).toBe(bottom);
          bottom += tier.height;
          expect(laneTop(tier, tier.lanes.length)).toBeLessThanOrEqual(bottom - tierPadding);
          for (const lane of tier.lanes) {
            for (let i = 1; i < lane.length; i++) expect(lane[i].start).toBeGreaterThanOrEqual(lane[i - 1].end);
            for (const { action } of lane) {
              expect(microActions52.bodyPartOf(action)).toBe(microActions52.bodyParts[tier.part]);
              if (tier.action) expect(action).toBe(tier.action);
            }
          }
        }
        expect(heightPixels).toBe(bottom);
      }),
    );
  });

  it('get lower lanes where that makes all fit, and comfortable ones where nothing does', () => {
    const crowd = Array.from({ length: 10 }, (_, i) => instance(`${i}`, 'nodding', 0, 10));
    const laneIn = (room: number) => layOutTiers(content(crowd), room).tiers[1].laneHeight;
    expect(laneIn(1000)).toBe(22);
    expect(laneIn(300)).toBeLessThan(20);
    expect(layOutTiers(content(crowd), 300).heightPixels).toBeLessThanOrEqual(300);
    expect(laneIn(100)).toBe(20);
  });

  it('of other coders stand below those of each part that one of them coded, or of each action', () => {
    const layer = { id: 'mei', title: 'Mei', instances: [instance('m1', 'nodding', 1, 2)] };
    const idle = { id: 'ben', title: 'Ben', instances: [] };
    const folded = layOutTiers({ ...content([]), layers: [layer, idle] }, 1000);
    expect(folded.tiers.slice(0, 5).map(({ key, kind }) => [key, kind])).toEqual([
      ['A', 'part'],
      ['B', 'part'],
      ['B mei', 'layer'],
      ['B ben', 'layer'],
      ['C', 'part'],
    ]);
    expect(folded.places.get('m1')?.tier.kind).toBe('layer');
    const unfolded = layOutTiers({ ...content([], ['B']), layers: [layer] }, 1000);
    expect(unfolded.tiers.filter(({ part, kind }) => part === 1 && kind === 'layer').map(({ key }) => key)).toEqual([
      'B/nodding mei',
    ]);
  });

  it('are found by height', () => {
    fc.assert(
      fc.property(instanceLists, fc.double({ min: -50, max: 1500, noNaN: true }), (instances, y) => {
        const { tiers } = layOutTiers(content(instances), 300);
        expect(tierAt(tiers, y)).toBe(tiers.find(({ top, height }) => y >= top && y < top + height));
      }),
    );
  });

  it('take an action by its other names, and name the likeliest for one that is not known', () => {
    expect(layOutTiers(content([instance('a', 'nod', 0, 1)]), 500).places.get('a')?.tier.key).toBe('B');
    expect(() => layOutTiers(content([instance('a', 'noding', 0, 1)]), 500)).toThrow(/Did you mean "nodding"/);
  });
});
