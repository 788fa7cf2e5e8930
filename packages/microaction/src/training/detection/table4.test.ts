import { describe, expect, it } from 'vitest';
import { differences, parseRecipe } from '../recipe.ts';
import { detectionRecipes } from './recipes.ts';
import { publishedTable4, recipeOfSetting, table4Settings, tunedParametersOf } from './table4.ts';

describe('table 4', () => {
  const small = parseRecipe(detectionRecipes['dsta-s'], 'dsta-s');
  const tiny = parseRecipe(detectionRecipes.tiny, 'tiny');

  it('differs between settings in nothing but what is trained of the backbone', () => {
    for (const recipe of [small, tiny]) {
      const keys = table4Settings.map((setting) =>
        differences(recipeOfSetting(recipe, 'full'), recipeOfSetting(recipe, setting))
          .map((difference) => difference.split(/[.:]/)[0])
          .filter((key, i, all) => all.indexOf(key) === i),
      );
      expect(keys).toEqual([
        ['name', 'backbone', 'tuned', 'data'],
        [],
        ['name', 'adapter', 'tuned'],
        ['name', 'adapter', 'tuned'],
        ['name', 'adapter', 'tuned'],
      ]);
    }
  });

  it('counts what is trained as the paper does, within 2 percent', () => {
    for (const setting of table4Settings) {
      const { tunedParameters } = publishedTable4[setting];
      const counted = tunedParametersOf(recipeOfSetting(small, setting)) / 2 ** 20;
      if (tunedParameters === null) expect(counted).toBe(0);
      else expect(Math.abs(counted / tunedParameters - 1), setting).toBeLessThan(0.02);
    }
  });

  it('prints gains over features of snippets', () => {
    for (const { map, gain } of Object.values(publishedTable4).slice(1)) {
      expect(map - publishedTable4.snippet.map).toBeCloseTo(gain as number, 9);
    }
  });

  it('reads snippets where frames are read', () => {
    expect(recipeOfSetting(tiny, 'snippet').data.features).toEqual({ channels: 128, strideFrames: 4, offsetFrames: 8 });
  });
});
