import {
  amount,
  describe,
  type Episode,
  type Finding,
  scoreOf,
  standsOut,
  thresholdOf,
  visibilityIn,
} from '../finding.ts';
import { type ChannelId, degreesPerShoulderWidth, type Measurements } from '../measurements.ts';
import { episodesOf, type Swing, swingsOf } from '../signals.ts';

/** Which way the head turns tells the actions of part B apart. */
const axes = [
  { curve: 'headYaw', leastDegrees: 6, repeated: 'shaking head', up: 'turning head', down: 'turning head' },
  { curve: 'headPitch', leastDegrees: 4, repeated: 'nodding', up: 'bowing head', down: 'head up' },
  { curve: 'headRoll', leastDegrees: 5, repeated: 'tilting head', up: 'tilting head', down: 'tilting head' },
] as const satisfies readonly { curve: ChannelId; [key: string]: unknown }[];

/** A head that comes back within this time made one movement, not two. */
const longestHoldSeconds = 2.5;

/** A head that takes longer has sunk or drifted, unnoticed by who watches. */
const slowestSeconds = 2.5;

/** Part B: a head that turns, nods, tilts, once or again and again. */
export function headRule(m: Measurements): Finding[] {
  const findings: Finding[] = [];
  for (const { curve, leastDegrees, repeated, up, down } of axes) {
    const channel = m.channel(curve);
    const threshold = thresholdOf(channel, leastDegrees);
    const swings = swingsOf(channel.values, threshold).filter((swing) => curve !== 'headPitch' || headMoves(m, swing));
    const runs = episodesOf(swings, 0.5 * m.sampleRate);
    for (const episode of withReturns(
      runs.map((swings) => describe(swings, m.sampleRate)),
      m.sampleRate,
    )) {
      const turns = episode.swings.length;
      const large = episode.swings.filter(({ from, to }) => Math.abs(to - from) >= 0.5 * Math.abs(episode.largest));
      const oscillates = large.length >= 3 && episode.hertz >= 0.6 && episode.hertz <= 5;
      const quick = curve === 'headPitch' && turns === 2 && episode.seconds <= 1.2;
      if (!oscillates && !standsOut(channel.values, episode, threshold, m.sampleRate)) continue;
      if (episode.swings.some(({ start, end }) => end - start > slowestSeconds * m.sampleRate)) continue;
      const size = oscillates ? episode.peakToPeak : Math.abs(episode.largest);
      const strength = size / threshold;
      const first = episode.swings[0];
      const action = oscillates || quick ? repeated : first.to > first.from ? up : down;
      findings.push({
        action,
        start: episode.start,
        end: episode.end,
        curve,
        strength,
        // Repetition tells nods and shakes from all else; a single quick nod may be a bow.
        score: scoreOf({
          specificity: oscillates ? 0.95 : quick ? 0.6 : 0.8,
          strength,
          visibility: visibilityIn(channel, episode),
        }),
        reason: oscillates
          ? `${channel.title.toLowerCase()} oscillates at ${episode.hertz.toFixed(1)} Hz, ${amount(size, channel.unit)} peak to peak`
          : `${channel.title.toLowerCase()} changes by ${amount(size, channel.unit)}${turns > 1 ? ' and returns' : ''}`,
      });
    }
  }
  return findings;
}

// ---- below: internals ----

/** A nose that nears the shoulders while it keeps its height over the hips belongs to a shrug. */
function headMoves(m: Measurements, { start, end, from, to }: Swing): boolean {
  const overHips = m.channel('headOverHips').values;
  const sinks = (overHips[start] - overHips[end]) * degreesPerShoulderWidth;
  return !(sinks / (to - from) < 0.4); // NaN where the hips are not seen: then the shoulders must do
}

/** Joins a movement to the one that undoes it. */
function withReturns(episodes: readonly Episode[], sampleRate: number): Episode[] {
  const joined: Episode[] = [];
  for (const episode of episodes) {
    const before = joined.at(-1);
    const undoes =
      before !== undefined &&
      before.swings.length === 1 &&
      episode.swings.length === 1 &&
      before.largest * episode.largest < 0 &&
      Math.abs(before.largest + episode.largest) < 0.5 * Math.abs(before.largest) &&
      episode.start - before.end <= longestHoldSeconds * sampleRate;
    if (undoes) joined[joined.length - 1] = describe([...before.swings, ...episode.swings], sampleRate);
    else joined.push(episode);
  }
  return joined;
}
