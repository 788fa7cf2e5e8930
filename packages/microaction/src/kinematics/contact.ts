import { thresholdOf, visibilityIn } from './finding.ts';
import type { ChannelId, Measurements, Side } from './measurements.ts';
import { type Span, spansBelow, swingsOf } from './signals.ts';

/** What the hand's own motion is told from: the part of the body that it touches may move under it. */
export type Frame = 'Hand' | 'HandOverLap' | 'HandOverFace';

/** A hand that came to a place, stays there, and leaves; or that moves while there. */
export interface Contact extends Span {
  readonly side: Side;
  /** The channel with the distance of the hand to the place. */
  readonly curve: ChannelId;
  /** Median distance while there, in shoulder widths. */
  readonly distance: number;
  /** Came or went within the clip. */
  readonly arrives: boolean;
  /** How often the hand moved to and fro while there. */
  readonly rubs: number;
  readonly visibility: number;
}

/**
 * Where a hand is nearer to a place than `within` shoulder widths. A hand that rests there through the whole
 * clip, unmoved, is posture and not an action, so it is left out.
 */
export function contactsOf(
  m: Measurements,
  side: Side,
  { curve, within, frame }: { curve: ChannelId; within: number; frame: Frame },
): Contact[] {
  const channel = m.channel(curve);
  const spans = spansBelow(channel.values, {
    enter: within,
    leave: within * 1.4,
    minSamples: Math.max(2, Math.round(0.2 * m.sampleRate)),
    maxPauseSamples: Math.round(0.3 * m.sampleRate),
  });
  const last = channel.values.length - 1;
  return spans.flatMap((span) => {
    const inside = channel.values.subarray(span.start, span.end + 1);
    // Now and then a resting hand stirs: to rub, it moves at least once a second.
    const moves = rubsOf(m, side, frame, span);
    const rubs = moves >= (span.end - span.start) / m.sampleRate ? moves : 0;
    const arrives = movesAt(m, side, frame, span.start, last) || movesAt(m, side, frame, span.end, last);
    if (!arrives && rubs === 0) return [];
    const distance = inside.toSorted()[inside.length >> 1];
    return [{ ...span, side, curve, distance, arrives, rubs, visibility: visibilityIn(channel, span) }];
  });
}

// ---- below: internals ----

/** Movements of the hand to and fro in a span, in the direction in which there are more. */
function rubsOf(m: Measurements, side: Side, frame: Frame, { start, end }: Span): number {
  const counts = (['X', 'Y'] as const).map((axis) => {
    const channel = m.channel(`${side}${frame}${axis}`);
    return swingsOf(channel.values.subarray(start, end + 1), thresholdOf(channel, 0.05)).length;
  });
  return Math.max(...counts);
}

/** Whether the hand is on its way there or from there, rather than the edge of the clip cutting a rest. */
function movesAt(m: Measurements, side: Side, frame: Frame, at: number, last: number): boolean {
  if (at === 0 || at === last) return false;
  const reach = Math.round(0.5 * m.sampleRate);
  const from = Math.max(0, at - reach);
  const to = Math.min(last, at + reach);
  return (['X', 'Y'] as const).some((axis) => {
    const channel = m.channel(`${side}${frame}${axis}`);
    return swingsOf(channel.values.subarray(from, to + 1), thresholdOf(channel, 0.15)).length > 0;
  });
}
