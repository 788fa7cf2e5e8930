import { describe, expect, it } from 'vitest';
import { parseTaxonomy } from './taxonomyFile.ts';

const lab = (changes: Record<string, unknown> = {}) => ({
  name: 'Gestik im Gespräch',
  bodyParts: [
    { code: 'K', name: 'Kopf' },
    { code: 'H', name: '手' },
  ],
  actions: [
    { id: 0, code: 'K1', name: 'Nicken', bodyPart: 'K', description: 'Der Kopf geht auf und ab.', aliases: ['nickt'] },
    { id: 3, code: 'H1', name: '手を振る', bodyPart: 'H' },
  ],
  ...changes,
});

const action = (changes: Record<string, unknown>) =>
  lab({ actions: [lab().actions[0], { ...lab().actions[1], ...changes }] });

describe('a taxonomy file', () => {
  it('gives a taxonomy, in any script and with gaps between ids', () => {
    const taxonomy = parseTaxonomy(lab(), 'lab.json');
    expect(taxonomy.get('手を振る')).toMatchObject({ id: 3, description: '' });
    expect(taxonomy.bodyPartOf('nickt').name).toBe('Kopf');
  });

  it.each([
    ['no object', [], 'lab.json: the document: found []'],
    ['a missing list', lab({ actions: undefined }), 'lab.json: actions: found nothing, expected array'],
    ['an empty list', lab({ actions: [] }), 'lab.json: actions: found []'],
    ['an unknown field', action({ colour: 'red' }), 'colour'],
    ['an id that is no whole number', action({ id: 1.5 }), 'actions[1].id: found 1.5, expected int'],
    [
      'a name with a line break',
      action({ name: 'a\nb' }),
      'actions[1].name: found "a\\nb", expected a name without line breaks',
    ],
    ['a name that ends with a blank', action({ name: 'a ' }), 'actions[1].name: found "a "'],
    ['an id twice', action({ id: 0 }), 'actions[1].id: "0" is already that of actions[0]'],
    ['a code twice', action({ code: 'k1' }), 'actions[0].code: "K1" also means "手を振る" of id 3; keep one'],
    [
      'a name that is an alias elsewhere',
      action({ name: 'Nickt!' }),
      'actions[0].aliases: "nickt" also means "Nickt!" of id 3',
    ],
    ['an unknown body part', action({ bodyPart: 'Z' }), 'actions[1].bodyPart: there is no body part "Z"'],
    ['a name without a word', action({ name: '!?' }), '"!?" (id 3) has a label without a word in it'],
  ])('with %s is refused', (_, json, message) => {
    expect(() => parseTaxonomy(json, 'lab.json')).toThrow(
      expect.objectContaining({
        name: 'UserError',
        code: 'bad-annotations',
        message: expect.stringContaining(message),
      }),
    );
  });

  it('tells all that is wrong at once', () => {
    const actions = Array.from({ length: 30 }, (_, i) => ({ id: -1, code: `x${i}`, name: `y${i}`, bodyPart: 'K' }));
    const problem = () => parseTaxonomy(lab({ actions }), 'lab.json');
    expect(problem).toThrow(
      /^lab\.json has 30 problems:\n {2}actions\[0\]\.id: found -1.*\n(.*\n){19} {2}and 10 more$/,
    );
  });
});
