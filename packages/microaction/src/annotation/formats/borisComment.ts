import type { Instance } from '../dataset.ts';

// BORIS has no score: score and reason stand in the comment of the event that starts an instance.

type Judgement = Pick<Instance, 'score' | 'reason'>;

export function writeComment({ score, reason }: Judgement): string {
  const parts = [score === undefined ? '' : `score=${score}`, reason === undefined ? '' : `reason=${reason}`];
  return parts.filter((part) => part !== '').join('; ');
}

/** Undefined where a comment is somebody's own. */
export function readComment(comment: string): Judgement | undefined {
  const found = /^(?:score=([\d.]+(?:e[-+]?\d+)?))?(?:(?:^|; )reason=([\s\S]+))?$/.exec(comment);
  if (!found) return undefined;
  const [, score, reason] = found;
  if (score !== undefined && !(Number(score) >= 0 && Number(score) <= 1)) return undefined;
  return { ...(score !== undefined && { score: Number(score) }), ...(reason !== undefined && { reason }) };
}
