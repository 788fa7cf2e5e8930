import { describe, expect, it } from 'vitest';
import { microActions52 } from './microActions52.ts';
import { parseTaxonomy } from './taxonomyFile.ts';

describe('the 52 micro-actions', () => {
  it('have ids 0 to 51 and the counts of the seven body parts', () => {
    expect(microActions52.actions.map(({ id }) => id)).toEqual(Array.from({ length: 52 }, (_, i) => i));
    const counts = microActions52.bodyParts.map(({ code, name }) => [
      code,
      name,
      microActions52.actionsOf(code).length,
    ]);
    expect(counts).toEqual([
      ['A', 'body', 5],
      ['B', 'head', 6],
      ['C', 'upper limb', 13],
      ['D', 'lower limb', 8],
      ['E', 'body-hand', 6],
      ['F', 'head-hand', 10],
      ['G', 'leg-hand', 4],
    ]);
  });

  it('number the codes of a body part from 1 without gaps', () => {
    for (const { code } of microActions52.bodyParts) {
      const numbers = microActions52.actionsOf(code).map((action) => Number(action.code.slice(1)));
      expect(numbers.sort((a, b) => a - b)).toEqual(numbers.map((_, i) => i + 1));
    }
  });

  it('are what a taxonomy file may hold', () => {
    expect(parseTaxonomy(JSON.parse(JSON.stringify(microActions52)), 'x').toJSON()).toEqual(microActions52.toJSON());
  });

  it.each([
    ['nodding', 9],
    ['B1', 9],
    ['b1', 9],
    [9, 9],
    ['  Nodding ', 9],
    ['NOD', 9],
    ['scratching_or_touching_neck', 32],
    ['Scratching/Touching Neck', 32],
    ['touching facial parts', 41],
    ['spreading legs', 26],
    ['sit straightly', 1],
    ['F10', 45],
    ['C13', 14],
  ])('are found by name, code, id or variant: %s', (label, id) => {
    expect(microActions52.find(label)?.id).toBe(id);
  });

  it('are not found by what none is called', () => {
    for (const label of ['', 'walking', 'H1', 52, -1, 0.5, '__proto__', 'constructor']) {
      expect(microActions52.find(label)).toBeUndefined();
    }
  });

  it('are suggested for a slip of the pen', () => {
    expect(() => microActions52.get('nooding')).toThrow(
      'There is no action "nooding" in the taxonomy micro-actions-52. Did you mean "nodding"?',
    );
    expect(() => microActions52.get('quantum physics')).toThrow('`microaction actions` lists them');
  });

  it('give the body part of an action', () => {
    expect(microActions52.bodyPartOf('touching nose')).toEqual({ code: 'F', name: 'head-hand' });
  });
});
