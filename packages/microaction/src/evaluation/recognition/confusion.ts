/** How often a clip of one class was taken for another. Classes are positions from 0. */
export interface Confusion {
  readonly classes: number;
  /** `[truth, predicted]`, row by row. */
  readonly counts: Uint32Array;
}

export interface ClassCounts {
  /** Of this class by its label. */
  readonly clips: number;
  readonly predicted: number;
  readonly correct: number;
}

export interface ClassMeasures extends ClassCounts {
  /** Correct among the predicted; 0 where nothing was. */
  readonly precision: number;
  /** Correct among the clips; 0 where there is none. */
  readonly recall: number;
  /** Harmonic mean of both; 0 where both are. */
  readonly f1: number;
}

export function confusionOf(truth: readonly number[], predicted: readonly number[], classes: number): Confusion {
  const counts = new Uint32Array(classes * classes);
  for (const [clip, label] of truth.entries()) counts[label * classes + predicted[clip]] += 1;
  return { classes, counts };
}

/** For each class that occurs among labels or predictions; undefined for the others, which no mean counts. */
export function measureClasses({ classes, counts }: Confusion): (ClassMeasures | undefined)[] {
  return Array.from({ length: classes }, (_, c) => {
    let clips = 0;
    let predicted = 0;
    for (let other = 0; other < classes; other++) {
      clips += counts[c * classes + other];
      predicted += counts[other * classes + c];
    }
    if (clips + predicted === 0) return undefined;
    const correct = counts[c * classes + c];
    const precision = predicted > 0 ? correct / predicted : 0;
    const recall = clips > 0 ? correct / clips : 0;
    const f1 = correct > 0 ? (2 * precision * recall) / (precision + recall) : 0;
    return { clips, predicted, correct, precision, recall, f1 };
  });
}
