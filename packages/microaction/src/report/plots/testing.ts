import type { Clip, Dataset, Instance } from '../../annotation/dataset.ts';
import { predictionsOfDataset, truthOfDataset } from '../../evaluation/detection/index.ts';
import { type Diagnosis, diagnose } from '../../evaluation/diagnosis/index.ts';
import { seededRandom } from '../../random.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';

// Made-up codings and predictions to draw figures of. Not part of the library.

const random = seededRandom(7);
const between = (low: number, high: number) => low + random() * (high - low);

/** Forty clips with a long tail of actions. */
export const madeTruth: Dataset = {
  taxonomy: microActions52,
  clips: Array.from({ length: 40 }, (_, i): Clip => {
    const instances = Array.from({ length: Math.floor(between(1, 9)) }, (): Instance => {
      const start = between(0, 8);
      const id = Math.floor(52 * random() ** 2);
      return { action: microActions52.get(id).name, start, end: start + between(0.4, 4) };
    });
    return { id: `clip ${i} <b>&"é`, durationSeconds: 12, instances };
  }),
};

/** What a middling detector makes of them. */
export const madePredictions: Dataset = {
  taxonomy: microActions52,
  clips: madeTruth.clips.map((clip) => ({
    ...clip,
    instances: clip.instances.flatMap((one) => {
      const moved = { ...one, start: one.start + between(-0.5, 0.5), end: one.end + between(-0.2, 0.5) };
      const other = madeTruth.clips[Math.floor(between(0, 40))].instances[0].action;
      return [
        { ...moved, score: between(0.2, 1) },
        { ...moved, action: other, score: between(0, 0.8) },
        { ...moved, start: between(0, 5), end: between(6, 11), score: between(0, 0.5) },
      ];
    }),
  })),
};

export function madeDiagnosis(): Diagnosis {
  return diagnose(
    truthOfDataset(madeTruth, 'truth'),
    predictionsOfDataset(madePredictions, 'predictions'),
    microActions52,
  );
}
