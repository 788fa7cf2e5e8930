import { amount, describe, type Finding, scoreOf, standsOut, thresholdOf, visibilityIn } from '../finding.ts';
import type { Measurements } from '../measurements.ts';
import { episodesOf, type Span, swingsOf } from '../signals.ts';

/** Part A: the trunk sways, straightens, turns or rises; the shoulders shrug. */
export function bodyRule(m: Measurements): Finding[] {
  return [...sways(m), ...heights(m), ...turns(m), ...rises(m)];
}

// ---- below: internals ----

/** Side to side is shaking; a single lean is the likeliest to be a part of it. */
function sways(m: Measurements): Finding[] {
  const channel = m.channel('trunkSway');
  const threshold = thresholdOf(channel, 0.05);
  return episodesOf(swingsOf(channel.values, threshold), 0.7 * m.sampleRate).flatMap((swings) => {
    const episode = describe(swings, m.sampleRate);
    const repeated = swings.length >= 2;
    if (swings.length < 3 && !standsOut(channel.values, episode, threshold, m.sampleRate)) return [];
    const size = repeated ? episode.peakToPeak : Math.abs(episode.largest);
    const strength = size / threshold;
    return {
      action: 'shaking body',
      start: episode.start,
      end: episode.end,
      curve: 'trunkSway',
      strength,
      score: scoreOf({ specificity: repeated ? 0.95 : 0.75, strength, visibility: visibilityIn(channel, episode) }),
      reason: repeated
        ? `trunk sways ${swings.length} times by ${amount(size, channel.unit)}, ${episode.hertz.toFixed(1)} Hz`
        : `trunk leans aside by ${amount(size, channel.unit)}`,
    };
  });
}

/** The shoulders rise over the hips: with the head it is the back that straightens, without it a shrug. */
function heights(m: Measurements): Finding[] {
  const trunk = m.channel('trunkHeight');
  const head = m.channel('headOverHips');
  const threshold = thresholdOf(trunk, 0.07);
  return swingsOf(trunk.values, threshold)
    .filter(({ from, to }) => to > from)
    .map((swing) => {
      const size = swing.to - swing.from;
      const headRise = head.values[swing.end] - head.values[swing.start];
      const shrug = headRise < 0.4 * size;
      const strength = size / threshold;
      return {
        action: shrug ? 'shrugging' : 'sitting straightly',
        start: swing.start,
        end: swing.end,
        curve: 'trunkHeight',
        strength,
        score: scoreOf({ specificity: 0.9, strength, visibility: visibilityIn(trunk, swing) }),
        reason: shrug
          ? `shoulders rise by ${amount(size, trunk.unit)} while the head stays`
          : `trunk straightens by ${amount(size, trunk.unit)}, the head rises with it`,
      };
    });
}

function turns(m: Measurements): Finding[] {
  const channel = m.channel('trunkWidth');
  const threshold = thresholdOf(channel, 0.15);
  return swingsOf(channel.values, threshold)
    .filter(({ from, to }) => to < from)
    .map((swing) => {
      const size = swing.from - swing.to;
      const strength = size / threshold;
      return {
        action: 'turning around',
        start: swing.start,
        end: swing.end,
        curve: 'trunkWidth',
        strength,
        // Shoulders look narrower as the trunk turns by the cosine, but also as they are drawn in.
        score: scoreOf({ specificity: 0.6, strength, visibility: visibilityIn(channel, swing) }),
        reason: `shoulders look narrower by ${amount(size, channel.unit)}`,
      };
    });
}

function rises(m: Measurements): Finding[] {
  const channel = m.channel('hipHeight');
  const threshold = thresholdOf(channel, 0.25);
  return swingsOf(channel.values, threshold)
    .filter(({ from, to }) => to > from)
    .map((swing): Finding & Span => {
      const size = swing.to - swing.from;
      const strength = size / threshold;
      return {
        action: 'rising up',
        start: swing.start,
        end: swing.end,
        curve: 'hipHeight',
        strength,
        score: scoreOf({ specificity: 0.85, strength, visibility: visibilityIn(channel, swing) }),
        reason: `hips rise by ${amount(size, channel.unit)} over the feet`,
      };
    });
}
