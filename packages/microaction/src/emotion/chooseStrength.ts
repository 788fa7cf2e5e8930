import type { Dice } from '../dice.ts';
import { UserError } from '../errors.ts';
import { type ClassWeights, classify, type Examples, fitClassifiers } from './classifier.ts';
import { subjectFolds } from './folds.ts';
import { chosenRows } from './matrix.ts';

/** Strengths of the regularisation that are tried, strongest first. */
export const strengths = [100, 10, 1, 0.1, 0.01] as const;

export interface ChooseOptions {
  readonly classes: number;
  readonly classWeights: ClassWeights;
  readonly dice: Dice;
  /** Default 3, or as many as subjects if they are fewer. */
  readonly folds?: number;
}

/**
 * The strength under which people not learned from get their own label the highest probability: the least mean
 * cross-entropy over classes, in folds of subjects. Rows whose class the other folds lack do not count.
 *
 * @throws UserError `too-few-subjects`
 */
export function chooseStrength(
  { features, labels, subjects }: Examples & { readonly subjects: readonly string[] },
  { classes, classWeights, dice, folds = 3 }: ChooseOptions,
): number {
  const people = new Set(subjects).size;
  if (people < 2) {
    throw new UserError('too-few-subjects', `found ${people} subject; expected two or more, or a given --l2`);
  }
  const count = Math.min(folds, people);
  const foldOf = subjectFolds(subjects, labels, count, dice);
  const losses = strengths.map(() => Array.from({ length: classes }, () => ({ sum: 0, rows: 0 })));
  for (let fold = 0; fold < count; fold++) {
    const train = labels.flatMap((_, row) => (foldOf[row] === fold ? [] : [row]));
    const test = labels.flatMap((_, row) => (foldOf[row] === fold ? [row] : []));
    const learned = { features: chosenRows(features, train), labels: train.map((row) => labels[row]) };
    const held = chosenRows(features, test);
    fitClassifiers(learned, strengths, classWeights).forEach((classifier, s) => {
      classify(classifier, held, classes).forEach((probabilities, i) => {
        const label = labels[test[i]];
        if (!classifier.present.includes(label)) return;
        losses[s][label].sum -= Math.log(Math.max(probabilities[label], 1e-300));
        losses[s][label].rows += 1;
      });
    });
  }
  const means = losses.map((byClass) => {
    const seen = byClass.filter(({ rows }) => rows > 0);
    return seen.reduce((sum, one) => sum + one.sum / one.rows, 0) / Math.max(1, seen.length);
  });
  return strengths[means.indexOf(Math.min(...means))];
}
