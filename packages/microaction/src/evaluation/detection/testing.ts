import { microActions52 } from '../../taxonomy/microActions52.ts';
import { type DetectionTable, type PredictionTable, TableBuilder } from './detectionTable.ts';

export interface MadeOptions {
  readonly videos: number;
  readonly predictions: number;
  readonly seed: number;
  /** Half the width of the noise on predicted boundaries. */
  readonly noiseSeconds?: number;
}

/** Made truth and predictions for tests: three instances a video, predictions around them, scores that often tie. */
export function madeDetections({ videos, predictions, seed, noiseSeconds = 1 }: MadeOptions): {
  truth: DetectionTable;
  predictions: PredictionTable;
} {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
  const names = microActions52.actions.map(({ name }) => name);
  const truth = new TableBuilder('made truth', 'truth');
  const predicted = new TableBuilder('made predictions', 'predictions');
  const instances = Array.from({ length: videos * 3 }, (_, i) => {
    const start = random() * 10;
    const instance = { label: names[Math.floor(random() * 12)], start, end: start + 0.5 + random() * 4 };
    truth.add(truth.video(`v${Math.floor(i / 3)}`, 15), instance.label, instance.start, instance.end, 0, i % 3);
    return instance;
  });
  for (let i = 0; i < predictions; i++) {
    const at = Math.floor(random() * instances.length);
    const near = instances[at];
    const noise = () => (random() - 0.5) * 2 * noiseSeconds;
    const start = Math.max(0, near.start + noise());
    const end = Math.max(start + 0.1, near.end + noise());
    const label = random() < 0.7 ? near.label : names[Math.floor(random() * 52)];
    predicted.add(predicted.video(`v${Math.floor(at / 3)}`), label, start, end, Math.round(random() * 100) / 100, i);
  }
  return { truth: truth.finish(), predictions: predicted.finish() };
}
