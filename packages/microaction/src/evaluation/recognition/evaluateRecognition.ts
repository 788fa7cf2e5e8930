import type { RecognitionList } from '../../annotation/recognitionList.ts';
import { UserError } from '../../errors.ts';
import { Problems, shown } from '../../problems.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Ties } from '../sorting/descendingOrder.ts';
import { type ClassMeasures, confusionOf, measureClasses } from './confusion.ts';
import { partPositions, predictionsFor } from './predictions.ts';
import type { Scores } from './scores.ts';

export interface RecognitionOptions {
  /** Default `numpy`: the numbers of the official code. `stable`: of equal scores the lower action first. */
  readonly ties?: Ties;
}

/** Fractions, not percent. Plain data. */
export interface RecognitionEvaluation {
  readonly body: RecognitionLevel;
  readonly action: RecognitionLevel;
  /** Mean of macro and micro F1 of both levels. */
  readonly f1Mean: number;
  readonly clips: number;
  /** Clips that have scores but no label; they count for nothing. */
  readonly unlisted: number;
}

export interface RecognitionLevel {
  readonly top1: number;
  /** Label among the five best, for a body part among the parts of the five best actions. Null: fewer are known. */
  readonly top5: number | null;
  /** Mean over the classes that occur among labels or predictions. */
  readonly f1Macro: number;
  /** Equal to `top1`, since each clip has one label. */
  readonly f1Micro: number;
  /** Mean recall over the same classes; predictions are plain maxima here, of equal scores the lowest class. */
  readonly meanClassAccuracy: number;
  /** By name, in the taxonomy's order; those that occur among labels or predictions. */
  readonly perClass: Readonly<Record<string, ClassMeasures>>;
  /** All classes of the taxonomy, in its order. */
  readonly classes: readonly string[];
  /** `confusion[truth][predicted]`: clips, by position in `classes`. */
  readonly confusion: readonly (readonly number[])[];
}

/**
 * Accuracy and F1 of recognition on MA-52 and its like, as the official code defines them (Guo et al.,
 * arXiv 2403.05234): predictions for body parts are those for actions, mapped.
 *
 * @throws UserError `bad-annotations` where a clip has no scores, a score is not finite, or counts do not fit
 */
export function evaluateRecognition(
  labels: RecognitionList,
  scores: Scores,
  taxonomy: Taxonomy,
  { ties = 'numpy' }: RecognitionOptions = {},
): RecognitionEvaluation {
  const truth = labelPositions(labels, taxonomy);
  const files = labels.clips.map(({ file }) => file);
  const { actions, bodyParts, maximum, unlisted } = predictionsFor(files, scores, taxonomy, ties);
  const partOf = partPositions(taxonomy);
  const toPart = (action: number) => partOf[action];
  const depth = Math.min(5, taxonomy.actions.length);
  const action = levelOf(namesOf(taxonomy.actions), truth, actions, maximum, depth);
  // Where the body parts were ranked by themselves, the best of them is the plain maximum too.
  const maximumPart = scores.kind === 'table' ? maximum.map(toPart) : bodyParts.map(([best]) => best);
  const body = levelOf(namesOf(taxonomy.bodyParts), truth.map(toPart), bodyParts, maximumPart, depth);
  return {
    body,
    action,
    f1Mean: (body.f1Macro + body.f1Micro + action.f1Macro + action.f1Micro) / 4,
    clips: files.length,
    unlisted: unlisted.length,
  };
}

// ---- below: internals ----

const namesOf = (classes: readonly { name: string }[]) => classes.map(({ name }) => name);

function labelPositions({ clips }: RecognitionList, taxonomy: Taxonomy): number[] {
  if (clips.length === 0)
    throw new UserError('bad-annotations', 'The list of labels is empty; there is nothing to score');
  const positions = new Map(taxonomy.actions.map(({ name }, i) => [name, i]));
  const problems = new Problems('The list of labels');
  const truth = clips.map(({ file, action }) => {
    const position = positions.get(action);
    if (position === undefined) {
      problems.add(
        `clip ${shown(file)}`,
        `found the action ${shown(action)}, expected a canonical name of the taxonomy ${taxonomy.name}`,
      );
    }
    return position ?? 0;
  });
  problems.throwIfAny();
  return truth;
}

function levelOf(
  classes: readonly string[],
  truth: readonly number[],
  ranked: readonly (readonly number[])[],
  maximum: readonly number[],
  depth: number,
): RecognitionLevel {
  const best = ranked.map(([first]) => first);
  const confusion = confusionOf(truth, best, classes.length);
  const measures = measureClasses(confusion);
  const present = measures.filter((measure) => measure !== undefined);
  const top1 = share(truth, (label, clip) => best[clip] === label);
  const fiveKnown = ranked.every(({ length }) => length >= depth);
  return {
    top1,
    top5: fiveKnown ? share(truth, (label, clip) => ranked[clip].includes(label)) : null,
    f1Macro: mean(present.map(({ f1 }) => f1)),
    f1Micro: top1,
    meanClassAccuracy: meanRecall(truth, maximum, classes.length),
    perClass: Object.fromEntries(classes.flatMap((name, c) => (measures[c] ? [[name, measures[c]]] : []))),
    classes,
    confusion: classes.map((_, c) => [...confusion.counts.subarray(c * classes.length, (c + 1) * classes.length)]),
  };
}

function meanRecall(truth: readonly number[], predicted: readonly number[], classes: number): number {
  const measures = measureClasses(confusionOf(truth, predicted, classes)).filter((measure) => measure !== undefined);
  return mean(measures.map(({ recall }) => recall));
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const share = (truth: readonly number[], isHit: (label: number, clip: number) => boolean) =>
  truth.filter(isHit).length / truth.length;
