import type { Channel, ChannelId, Measurements } from './measurements.ts';
import { medianOf, type Span, type Swing } from './signals.ts';

/** What a rule says: this action, in these samples (both ends included), for this reason. */
export interface Finding extends Span {
  readonly action: string;
  /** 0 to 1, see `scoreOf`. */
  readonly score: number;
  readonly reason: string;
  readonly curve: ChannelId;
  /** How far the movement rises over what would just be noticed; 1 is the threshold. */
  readonly strength: number;
}

/** A rule looks at the measurements of one person and names the actions of one body part. */
export type Rule = (m: Measurements) => Finding[];

/** The change that counts as movement: at least `least`, and six times the noise of the clip. */
export function thresholdOf(channel: Channel, least: number): number {
  return Math.max(least, 6 * channel.noise);
}

/**
 * How sure a finding is: how well the points are seen, times how clearly the movement stands out (one half
 * at the threshold, three quarters at twice it, towards one), times how well the geometry tells this action
 * from its neighbours (`specificity`, stated beside each rule).
 */
export function scoreOf({
  specificity,
  strength,
  visibility,
}: {
  specificity: number;
  strength: number;
  visibility: number;
}): number {
  const evidence = 1 - 1 / (2 * Math.max(1, strength));
  return Math.max(0, Math.min(1, specificity * evidence * visibility));
}

/** Mean visibility of a channel's points in a span. */
export function visibilityIn(channel: Channel, { start, end }: Span): number {
  let total = 0;
  for (let i = start; i <= end; i++) total += channel.visibility[i];
  return total / (end - start + 1);
}

/** A run of swings in numbers. */
export interface Episode extends Span {
  readonly swings: readonly Swing[];
  /** Median size of a swing, from turning point to turning point. */
  readonly peakToPeak: number;
  /** Largest swing, signed. */
  readonly largest: number;
  readonly hertz: number;
  readonly seconds: number;
}

export function describe(swings: readonly Swing[], sampleRate: number): Episode {
  const start = swings[0].start;
  const end = swings[swings.length - 1].end;
  const seconds = Math.max(1, end - start) / sampleRate;
  const largest = swings.reduce((most, { from, to }) => (Math.abs(to - from) > Math.abs(most) ? to - from : most), 0);
  return {
    swings,
    start,
    end,
    seconds,
    largest,
    peakToPeak: medianOf(swings.map(({ from, to }) => Math.abs(to - from))),
    hertz: swings.length / 2 / seconds,
  };
}

/**
 * What does not go to and fro has little to show that it is not noise: it must be 1.4 times the threshold, and a
 * single swing must last, that is, the level after it must differ from that before it by at least half of it, half
 * a second each. At the edge of the clip, where there is no level to compare with, it has the benefit of the doubt.
 */
export function standsOut(
  values: Float32Array,
  { swings, largest }: Episode,
  threshold: number,
  sampleRate: number,
): boolean {
  if (Math.abs(largest) < 1.4 * threshold) return false;
  if (swings.length > 1) return true;
  const [{ start, end, from, to }] = swings;
  const window = Math.max(2, Math.round(0.5 * sampleRate));
  const before = values.subarray(Math.max(0, start - window + 1), start + 1);
  const after = values.subarray(end, end + window);
  if (Math.min(before.length, after.length) < 3) return true;
  return Math.abs(medianOf(after) - medianOf(before)) >= 0.5 * Math.abs(to - from);
}

/** `9 degrees`, `0.21 shoulder widths`. */
export function amount(value: number, unit: string): string {
  return `${unit === 'degrees' ? Math.round(Math.abs(value)) : Math.abs(value).toFixed(2)} ${unit}`;
}
