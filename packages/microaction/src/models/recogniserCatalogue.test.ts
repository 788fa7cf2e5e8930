import { expect, it } from 'vitest';
import { recognitionRecipes } from '../training/recognition/recipes.ts';
import { recogniserCatalogue } from './recogniserCatalogue.ts';

const entries = recogniserCatalogue();
const each = <T>(value: (entry: (typeof entries)[number]) => T) =>
  Object.fromEntries(entries.map((entry) => [entry.name, value(entry)]));

it('counts what official models have', () => {
  expect(each(({ parameters }) => (parameters / 1e6).toFixed(2))).toEqual({
    manet: '32.28',
    tsm: '23.61',
    tsn: '23.61',
    i3d: '27.33',
    slowfast: '33.68',
    c3d: '78.21',
  });
  expect(entries[0].officialParameters).toBe(43_235_676);
});

it('counts products as measured on official models', () => {
  expect(each(({ multiplyAdds }) => (multiplyAdds / 1e9).toFixed(2))).toEqual({
    manet: '32.77',
    tsm: '32.70',
    tsn: '12.26',
    i3d: '33.13',
    slowfast: '27.64',
    c3d: '38.55',
  });
});

it('names recipes that there are, and every one of the literature', () => {
  const ofLiterature = Object.keys(recognitionRecipes).filter((name) => !name.startsWith('tiny'));
  expect(entries.map(({ recipe }) => recipe).sort()).toEqual(ofLiterature.sort());
});

it('has the inputs of its recipes', () => {
  for (const { recipe, input } of entries) {
    const { data } = recognitionRecipes[recipe as keyof typeof recognitionRecipes] as {
      data?: { sizePixels?: number; sampling?: { frames?: number; segments?: number } };
    };
    const { sizePixels = 224, sampling = { segments: 8 } } = data ?? {};
    expect({ frames: sampling.frames ?? sampling.segments, pixels: sizePixels }, recipe).toEqual(input);
  }
});
