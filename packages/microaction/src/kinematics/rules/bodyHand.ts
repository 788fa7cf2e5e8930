import { contactsOf } from '../contact.ts';
import { type Finding, scoreOf, visibilityIn } from '../finding.ts';
import { type ChannelId, type Measurements, type Side, sides } from '../measurements.ts';
import { spansBelow } from '../signals.ts';

/** Places on the trunk that a hand may touch. */
const places = [
  { place: 'Neck', name: 'neck', action: 'scratching or touching neck', within: 0.2 },
  { place: 'Chest', name: 'chest', action: 'scratching or touching chest', within: 0.28 },
  { place: 'OtherShoulder', name: 'other shoulder', action: 'scratching or touching shoulder', within: 0.22 },
  { place: 'OwnShoulder', name: 'own shoulder', action: 'scratching or touching shoulder', within: 0.22 },
] as const;

/** Part E: a hand at the trunk, arms akimbo, arms crossed. */
export function bodyHandRule(m: Measurements): Finding[] {
  const found = [...sides.flatMap((side) => [...atTrunk(m, side), ...akimbo(m, side)]), ...crossedArms(m)];
  // Crossed arms bring the hands to the chest and the shoulders: they are then not touched for themselves.
  const crossed = found.filter(({ action }) => action === 'crossing arms');
  return found.filter(
    (finding) =>
      !finding.action.startsWith('scratching') ||
      !crossed.some((c) => c.start <= finding.end && finding.start <= c.end),
  );
}

// ---- below: internals ----

function atTrunk(m: Measurements, side: Side): Finding[] {
  return places.flatMap(({ place, name, action, within }) =>
    contactsOf(m, side, { curve: `${side}To${place}`, within, frame: 'Hand' }).map((contact) => {
      const strength = within / Math.max(0.03, contact.distance);
      return {
        action,
        start: contact.start,
        end: contact.end,
        curve: contact.curve,
        strength,
        score: scoreOf({ specificity: 0.6, strength, visibility: contact.visibility }),
        reason: `${side} hand is ${contact.distance.toFixed(2)} shoulder widths from the ${name}`,
      };
    }),
  );
}

/** The hand is on its own hip and the elbow stands out. */
function akimbo(m: Measurements, side: Side): Finding[] {
  const elbow = m.channel(`${side}Elbow`);
  return contactsOf(m, side, { curve: `${side}ToOwnHip`, within: 0.3, frame: 'HandOverLap' }).flatMap((contact) => {
    const out = elbow.values.subarray(contact.start, contact.end + 1).toSorted()[(contact.end - contact.start) >> 1];
    if (!(out > 0.3) || !contact.arrives) return [];
    return [
      {
        action: 'arms akimbo',
        start: contact.start,
        end: contact.end,
        curve: contact.curve,
        strength: out / 0.3,
        score: scoreOf({ specificity: 0.75, strength: out / 0.3, visibility: contact.visibility }),
        reason: `${side} hand is on the hip, the elbow stands ${out.toFixed(2)} shoulder widths out`,
      },
    ];
  });
}

/** Each hand is at the other arm's elbow. */
function crossedArms(m: Measurements): Finding[] {
  const [left, right] = sides.map((side) => m.channel(`${side}ToOtherElbow` satisfies ChannelId));
  const farther = left.values.map((value, t) => Math.max(value, right.values[t]));
  const spans = spansBelow(farther, {
    enter: 0.45,
    leave: 0.6,
    minSamples: Math.round(0.3 * m.sampleRate),
    maxPauseSamples: Math.round(0.5 * m.sampleRate),
  });
  const last = farther.length - 1;
  return spans
    .filter(({ start, end }) => start > 0 || end < last) // crossed all through the clip is posture
    .map((span) => {
      const distance = farther.subarray(span.start, span.end + 1).toSorted()[(span.end - span.start) >> 1];
      const strength = 0.45 / Math.max(0.05, distance);
      const visibility = Math.min(visibilityIn(left, span), visibilityIn(right, span));
      return {
        action: 'crossing arms',
        start: span.start,
        end: span.end,
        curve: 'leftToOtherElbow' as const,
        strength,
        score: scoreOf({ specificity: 0.85, strength, visibility }),
        reason: `each hand is within ${distance.toFixed(2)} shoulder widths of the other elbow`,
      };
    });
}
