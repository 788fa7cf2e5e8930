import { expect, it } from 'vitest';
import { detectionRecipes } from '../training/detection/recipes.ts';
import { catalogue } from './catalogue.ts';

const entries = catalogue();
const entry = (name: string) => entries.find((one) => one.name === name)!;

it('counts parameters as published, in units of 2^20', () => {
  expect(entry('standard-s').parameters).toEqual({ backbone: 21_879_936, tuned: 890_508, head: 21_210_172 });
  expect(entry('adatad-s').parameters.tuned).toBe(1_006_860);
  expect(entry('adatad-b').parameters).toEqual({ backbone: 86_227_200, tuned: 4_004_364, head: 21_799_996 });
  expect(entry('adatad-l').parameters).toMatchObject({ backbone: 303_860_736, tuned: 14_217_240 });
  const inUnits = (name: string) => (entry(name).parameters.tuned / 2 ** 20).toFixed(3);
  const units = ['standard-s', 'adatad-s', 'dsta-equation3-s', 'dsta-table4-s', 'dsta-s', 'full-s'].map(inUnits);
  expect(units).toEqual(['0.849', '0.960', '1.500', '1.805', '1.816', '20.866']);
});

it('is within two in a hundred of the paper where it prints a count, but for the letter of Eq. 3', () => {
  for (const { name, parameters, publishedTuned } of entries) {
    if (publishedTuned === undefined || name === 'dsta-equation3-s') continue;
    expect(Math.abs(parameters.tuned / 2 ** 20 / publishedTuned - 1), name).toBeLessThan(0.02);
  }
});

it('counts products as a calculation by hand does', () => {
  const [clips, tokens, width, depth] = [768 / 16, (16 / 2) * (160 / 16) ** 2, 384, 12];
  const linear = 12 * width ** 2 * tokens;
  const attention = 2 * width * tokens ** 2;
  const stem = tokens * width * 3 * 2 * 16 ** 2;
  const interpolation = width * 768 * (768 / 2); // from a step for two frames to one for each
  expect(entry('full-s').multiplyAdds.backbone).toBe(clips * (stem + depth * (linear + attention)) + interpolation);
  const down = Math.floor(width / 4);
  const standard = entry('standard-s').multiplyAdds.backbone! - entry('full-s').multiplyAdds.backbone!;
  expect(standard).toBe(clips * tokens * depth * 2 * width * down);
});

it('names recipes that there are, and every one of the paper', () => {
  const named = entries.flatMap(({ recipe }) => recipe ?? []);
  expect(named.sort()).toEqual(
    Object.keys(detectionRecipes)
      .filter((name) => !name.startsWith('tiny'))
      .sort(),
  );
});
