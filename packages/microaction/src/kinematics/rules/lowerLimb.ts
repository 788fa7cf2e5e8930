import { amount, describe, type Finding, scoreOf, thresholdOf, visibilityIn } from '../finding.ts';
import { type Channel, type ChannelId, type Measurements, sides } from '../measurements.ts';
import { episodesOf, type Swing, swingsOf } from '../signals.ts';

/** Part D: knees and feet move apart, together, across, forward, back, up and down. */
export function lowerLimbRule(m: Measurements): Finding[] {
  return [...knees(m), ...crossings(m), ...bounces(m), ...feet(m), ...heels(m)];
}

// ---- below: internals ----

function knees(m: Measurements): Finding[] {
  return single(m, 'kneeGap', 0.1, (size) => ({
    action: size > 0 ? 'spread legs' : 'closing legs',
    specificity: 0.75,
    reason: `knees move ${size > 0 ? 'apart' : 'together'} by ${amount(size, 'shoulder widths')}`,
  }));
}

/** The left ankle comes to stand on the right of the right one, or back. */
function crossings(m: Measurements): Finding[] {
  return single(m, 'ankleGap', 0.3, (_, swing) => {
    const crosses = swing.from > 0 && swing.to < -0.05;
    const uncrosses = swing.from < -0.05 && swing.to > 0;
    if (!crosses && !uncrosses) return undefined;
    return {
      action: 'crossing legs',
      specificity: crosses ? 0.85 : 0.3, // taking the legs apart again has no name of its own
      reason: crosses ? 'one ankle passes over the other' : 'crossed ankles come apart',
    };
  });
}

/** A leg that bounces: knee or ankle goes up and down again and again. */
function bounces(m: Measurements): Finding[] {
  const found: Finding[] = [];
  for (const side of sides) {
    for (const part of ['KneeHeight', 'AnkleHeight', 'HeelLift'] as const) {
      const curve: ChannelId = `${side}${part}`;
      const channel = m.channel(curve);
      const threshold = thresholdOf(channel, 0.035);
      for (const swings of episodesOf(swingsOf(channel.values, threshold), 0.4 * m.sampleRate)) {
        const episode = describe(swings, m.sampleRate);
        if (swings.length < 4 || episode.hertz < 0.8) continue;
        const strength = episode.peakToPeak / threshold;
        found.push({
          action: 'shaking legs',
          start: episode.start,
          end: episode.end,
          curve,
          strength,
          score: scoreOf({ specificity: 0.9, strength, visibility: visibilityIn(channel, episode) }),
          reason: `${channel.title.toLowerCase()} bounces at ${episode.hertz.toFixed(1)} Hz by ${amount(episode.peakToPeak, channel.unit)}`,
        });
      }
    }
  }
  return found;
}

/** From the front a foot that goes forward goes down in the picture; sideways is sideways. */
function feet(m: Measurements): Finding[] {
  return sides.flatMap((side) => {
    const name = side === 'left' ? 'left' : 'right';
    const outward = side === 'left' ? 1 : -1;
    return [
      ...single(m, `${side}AnkleHeight`, 0.12, (size) => ({
        action: size < 0 ? 'stretching feet' : 'retracting feet',
        specificity: 0.55,
        reason: `${name} foot moves ${size < 0 ? 'forward' : 'back'} by ${amount(size, 'shoulder widths')}`,
      })),
      ...single(m, `${side}AnkleX`, 0.15, (size) => ({
        action: size * outward > 0 ? 'stretching feet' : 'retracting feet',
        specificity: 0.45,
        reason: `${name} foot moves ${size * outward > 0 ? 'out' : 'in'} by ${amount(size, 'shoulder widths')}`,
      })),
    ];
  });
}

function heels(m: Measurements): Finding[] {
  return sides.flatMap((side) =>
    single(m, `${side}HeelLift`, 0.1, (size) =>
      // A heel cannot rise higher than a foot is long: that is a point gone astray.
      size < 0 || size > 0.5
        ? undefined
        : {
            action: 'tiptoe',
            specificity: 0.5,
            reason: `${side} heel rises by ${amount(size, 'shoulder widths')} over its toes`,
          },
    ),
  );
}

/** Movements of one channel that are not part of an oscillation, each named by its signed size. */
function single(
  m: Measurements,
  curve: ChannelId,
  least: number,
  name: (size: number, swing: Swing) => { action: string; specificity: number; reason: string } | undefined,
): Finding[] {
  const channel: Channel = m.channel(curve);
  const threshold = thresholdOf(channel, least);
  return episodesOf(swingsOf(channel.values, threshold), 0.4 * m.sampleRate)
    .filter((swings) => swings.length <= 3)
    .flat()
    .flatMap((swing) => {
      const size = swing.to - swing.from;
      const named = name(size, swing);
      if (!named) return [];
      const strength = Math.abs(size) / threshold;
      const { start, end } = swing;
      const visibility = visibilityIn(channel, swing);
      const score = scoreOf({ specificity: named.specificity, strength, visibility });
      return [{ action: named.action, start, end, curve, strength, score, reason: named.reason }];
    });
}
