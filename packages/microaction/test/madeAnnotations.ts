import type { Clip, Dataset, Instance } from '../src/annotation/dataset.ts';
import { seededRandom } from '../src/random.ts';
import { microActions52 } from '../src/taxonomy/microActions52.ts';

/** Made annotations of people who do not exist: `people` times three clips of 10 s, two to four different actions in each. */
export function madeDataset(options: { people?: number; seed?: number; subset?: string } = {}): Dataset {
  const { people = 12, seed = 7, subset } = options;
  const random = seededRandom(seed);
  const names = ['nodding', 'turning head', 'waving', 'shaking legs', 'touching nose', 'shrugging'];
  const clips = Array.from({ length: 3 * people }, (_, index): Clip => {
    const subject = `p${String(Math.floor(index / 3) + 1).padStart(2, '0')}`;
    const first = Math.floor(random() * names.length);
    const instances = Array.from({ length: 2 + Math.floor(random() * 3) }, (_, i): Instance => {
      const start = Math.round(random() * 210) / 30;
      const end = start + Math.round(15 + random() * 75) / 30;
      return { action: names[(first + i) % names.length], start, end };
    });
    return {
      id: `${subject}_${(index % 3) + 1}`,
      durationSeconds: 10,
      frameRate: 30,
      subject,
      ...(subset && { subset }),
      instances: instances.sort((a, b) => a.start - b.start || a.end - b.end || (a.action < b.action ? -1 : 1)),
    };
  });
  return { taxonomy: microActions52, clips };
}

/** What a fair detector might find in it: edges off a little, every seventh missed, every fifth named wrongly. */
export function madePredictions({ taxonomy, clips }: Dataset, seed = 11): Dataset {
  const random = seededRandom(seed);
  let count = 0;
  return {
    taxonomy,
    clips: clips.map((clip) => ({
      ...clip,
      instances: clip.instances
        .flatMap((one): Instance[] => {
          count += 1;
          if (count % 7 === 0) return [];
          const start = Math.max(0, one.start + (random() - 0.5) * 0.4);
          const action = count % 5 === 0 ? 'bowing head' : one.action;
          return [{ action, start, end: one.end + random() * 0.3, score: Math.round(random() * 1e4) / 1e4 }];
        })
        .sort((a, b) => a.start - b.start),
    })),
  };
}
