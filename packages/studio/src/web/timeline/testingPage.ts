// What tests and benchmarks load into a browser: the time line, and an interview of a simulated person to show on it.
import { microActions52 } from 'microaction';
import { labelsOf, planDataset } from 'microaction/synthesis';
import { timeText } from 'microaction/time-line';
import { TimeLine, type TimeLineEvents, type TimeLineInstance, type TimeLineTexts } from './timeLine.ts';

export { microActions52, TimeLine };

export const texts: TimeLineTexts = {
  label: 'Time line',
  partTitle: (code) => microActions52.bodyParts.find((part) => part.code === code)?.name ?? code,
  actionTitle: (action) => action,
  describe: ({ action, start, end, state, score }) =>
    `${microActions52.get(action).code} ${action}, ${timeText(start)} to ${timeText(end)}, ${state}` +
    (score === undefined ? '' : `, ${score.toFixed(2)}`),
  foldTitle: (code, unfolded) => `${unfolded ? 'Fold' : 'Unfold'} ${code}`,
};

/** As many instances as asked of planned clips, laid end to end or, where that is longer, over one another. */
export function simulatedInstances(count: number, durationSeconds: number, seed = 1): TimeLineInstance[] {
  const plans = planDataset({ videos: Math.ceil(count / 3), subjects: 3, seed });
  const clips = plans.map((plan) => ({ instances: labelsOf(plan), seconds: plan.frameCount / plan.frameRate }));
  const all = clips.reduce((sum, { seconds }) => sum + seconds, 0);
  const pace = durationSeconds / all;
  let offset = 0;
  const made: TimeLineInstance[] = [];
  for (const { instances, seconds } of clips) {
    for (const { action, start, end } of instances) {
      const from = onFrame(Math.min(offset, durationSeconds - seconds) + start);
      const to = Math.max(from + 1 / frameRate, onFrame(Math.min(offset, durationSeconds - seconds) + end));
      made.push({ id: `i${made.length}`, action, start: from, end: to, ...lookOf(made.length) });
    }
    offset += seconds * pace;
  }
  return made.slice(0, count);
}

export const frameRate = 30;

export function steadyFrameTimes(durationSeconds: number): Float64Array {
  return Float64Array.from({ length: Math.round(durationSeconds * frameRate) }, (_, frame) => frame / frameRate);
}

/** How much moves at each frame: more where instances are. */
export function motionOf(instances: readonly TimeLineInstance[], durationSeconds: number): Float32Array {
  const values = new Float32Array(Math.round(durationSeconds * frameRate)).fill(0.05);
  for (const { start, end } of instances) {
    for (let i = Math.round(start * frameRate); i < Math.min(values.length, end * frameRate); i++) {
      values[i] = Math.min(1, values[i] + 0.35 * Math.abs(Math.sin((i - start * frameRate) * 0.35)));
    }
  }
  return values;
}

/** A time line over the whole element, which records what it tells. */
export function openTimeLine(host: HTMLElement, durationSeconds: number, instances: readonly TimeLineInstance[]) {
  const told: [name: string, ...values: unknown[]][] = [];
  const names = ['seek', 'select', 'change', 'preview', 'create', 'fold', 'open', 'hover'] as const;
  const record =
    (name: string) =>
    (...values: unknown[]) =>
      void told.push([name, ...values]);
  const events = Object.fromEntries(names.map((name) => [name, record(name)])) as TimeLineEvents;
  const frameTimes = steadyFrameTimes(durationSeconds);
  const timeLine = new TimeLine(host, { taxonomy: microActions52, durationSeconds, frameTimes, texts }, events);
  timeLine.setInstances(instances);
  return { timeLine, told };
}

// ---- below: internals ----

const onFrame = (seconds: number) => Math.round(seconds * frameRate) / frameRate;

/** Half coded, the others proposals from doubtful to sure; a few rejected, disputed, commented. */
function lookOf(position: number): Pick<TimeLineInstance, 'state' | 'score' | 'comments' | 'disputed'> {
  const score = ((position * 37) % 100) / 100;
  if (position % 2 === 0)
    return { state: 'coded', comments: position % 14 === 0 ? 2 : 0, disputed: position % 22 === 0 };
  return position % 23 === 0 ? { state: 'rejected', score } : { state: 'proposed', score };
}
