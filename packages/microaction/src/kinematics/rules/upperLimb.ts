import { amount, describe, type Finding, scoreOf, thresholdOf, visibilityIn } from '../finding.ts';
import { type ChannelId, type Measurements, type Side, sides } from '../measurements.ts';
import { episodesOf, type Span, type Swing, spansBelow, swingsOf } from '../signals.ts';

/** Part C: arms and hands in the air, at each other and at the other arm. */
export function upperLimbRule(m: Measurements): Finding[] {
  return [...sides.flatMap((side) => [...gestures(m, side), ...atOtherArm(m, side)]), ...togetherness(m)];
}

// ---- below: internals ----

/** What an arm does in the air: it waves, goes out, comes back, or illustrates what is said. */
function gestures(m: Measurements, side: Side): Finding[] {
  const axes = ([`${side}HandX`, `${side}HandY`] as const).flatMap((curve) => {
    const channel = m.channel(curve);
    const threshold = thresholdOf(channel, 0.15);
    return swingsOf(channel.values, threshold).map((swing) => ({
      ...swing,
      curve,
      strength: Math.abs(swing.to - swing.from) / threshold,
    }));
  });
  // When the trunk moves over hands at rest, they move against the shoulders but not against the lap.
  const swings = axes
    .filter((swing) => {
      const lap = m.channel(swing.curve === `${side}HandX` ? `${side}HandOverLapX` : `${side}HandOverLapY`).values;
      return !(Math.abs(lap[swing.end] - lap[swing.start]) < 0.5 * Math.abs(swing.to - swing.from));
    })
    .sort((a, b) => a.start - b.start);
  return episodesOf(swings, 0.6 * m.sampleRate).map((group) => gesture(m, side, group));
}

function gesture(
  m: Measurements,
  side: Side,
  swings: readonly (Swing & { curve: ChannelId; strength: number })[],
): Finding {
  const start = swings[0].start;
  const end = Math.max(...swings.map((swing) => swing.end));
  const largest = swings.reduce((most, swing) => (swing.strength > most.strength ? swing : most));
  const visibility = visibilityIn(m.channel(`${side}HandX`), { start, end });
  const common = { start, end, strength: largest.strength };
  for (const curve of [`${side}HandX`, `${side}HandY`] as const) {
    const along = swings.filter((swing) => swing.curve === curve);
    if (along.length < 4) continue;
    const episode = describe(along, m.sampleRate);
    if (episode.hertz < 0.8) continue;
    return {
      ...common,
      action: 'waving',
      curve,
      score: scoreOf({ specificity: 0.65, strength: largest.strength, visibility }),
      reason: `${side} hand waves at ${episode.hertz.toFixed(1)} Hz by ${amount(episode.peakToPeak, 'shoulder widths')}`,
    };
  }
  const extension = m.channel(`${side}Extension`).values;
  const stretched = extension[end] - extension[start];
  if (swings.length <= 2 && Math.abs(stretched) > 0.2) {
    return {
      ...common,
      action: stretched > 0 ? 'stretching arms' : 'retracting arms',
      curve: `${side}Extension`,
      score: scoreOf({ specificity: 0.5, strength: Math.abs(stretched) / 0.2, visibility }),
      reason: `${side} hand moves ${amount(stretched, 'shoulder widths')} ${stretched > 0 ? 'away from' : 'towards'} its shoulder`,
    };
  }
  return {
    ...common,
    action: 'illustrative gestures',
    curve: largest.curve,
    // Pointing, spreading, playing with an object look alike to key points: the commonest is named.
    score: scoreOf({ specificity: 0.4, strength: largest.strength, visibility }),
    reason: `${side} hand moves by ${amount(largest.to - largest.from, 'shoulder widths')} in ${swings.length} strokes`,
  };
}

/** A hand at the other arm, while the arms are not crossed. */
function atOtherArm(m: Measurements, side: Side): Finding[] {
  const other = side === 'left' ? 'right' : 'left';
  const channel = m.channel(`${side}ToOtherForearm`);
  const elbows = m.channel(`${other}ToOtherElbow`).values;
  const hands = m.channel('handGap').values;
  return spansOf(m, channel.values, 0.22)
    .filter((span) => middle(elbows, span) > 0.6 && middle(hands, span) > 0.35)
    .map((span) => {
      const distance = middle(channel.values, span);
      const strength = 0.22 / Math.max(0.03, distance);
      return {
        ...span,
        action: 'scratching arms',
        curve: channel.id as ChannelId,
        strength,
        score: scoreOf({ specificity: 0.55, strength, visibility: visibilityIn(channel, span) }),
        reason: `${side} hand is ${distance.toFixed(2)} shoulder widths from the other forearm`,
      };
    });
}

/** The hands come together, and what they do there. */
function togetherness(m: Measurements): Finding[] {
  const channel = m.channel('handGap');
  const near = 0.4;
  return spansOf(m, channel.values, near).map((span) => {
    const visibility = visibilityIn(channel, span);
    const distance = middle(channel.values, span);
    const threshold = thresholdOf(channel, 0.05);
    const rubs = swingsOf(channel.values.subarray(span.start, span.end + 1), threshold);
    const hertz = rubs.length > 0 ? describe(rubs, m.sampleRate).hertz : 0;
    const rubbing = rubs.length >= 4 && hertz >= 1;
    const approach = span.start > 0;
    const strength = near / Math.max(0.08, distance);
    return {
      ...span,
      // Finger play is by far the commonest that joined hands do (879 of 1,014 in the training annotations).
      action: rubbing
        ? 'rubbing hands'
        : approach && distance < 0.2
          ? 'putting hands together'
          : 'hands touching fingers',
      curve: 'handGap' as const,
      strength,
      score: scoreOf({ specificity: rubbing ? 0.5 : 0.55, strength, visibility }),
      reason: rubbing
        ? `hands are ${distance.toFixed(2)} shoulder widths apart and rub at ${hertz.toFixed(1)} Hz`
        : `hands ${approach ? 'come' : 'are'} within ${distance.toFixed(2)} shoulder widths of each other`,
    };
  });
}

/** Stretches of nearness that begin or end in the clip: what lasts all through is posture. */
function spansOf(m: Measurements, values: Float32Array, within: number): Span[] {
  return spansBelow(values, {
    enter: within,
    leave: within * 1.4,
    minSamples: Math.max(2, Math.round(0.25 * m.sampleRate)),
    maxPauseSamples: Math.round(0.3 * m.sampleRate),
  }).filter(({ start, end }) => start > 0 || end < values.length - 1);
}

function middle(values: Float32Array, { start, end }: Span): number {
  return values.subarray(start, end + 1).toSorted()[(end - start) >> 1];
}
