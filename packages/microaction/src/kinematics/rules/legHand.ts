import { contactsOf } from '../contact.ts';
import { type Finding, scoreOf } from '../finding.ts';
import { type Measurements, type Side, sides } from '../measurements.ts';

/** Part G: a hand at the leg. It comes, goes, or moves there; a hand at rest in the lap says nothing. */
export function legHandRule(m: Measurements): Finding[] {
  return sides.flatMap((side) => [
    ...atLeg(m, side, 'Thigh', 0.32),
    ...atLeg(m, side, 'Calf', 0.18),
    ...atLeg(m, side, 'Foot', 0.25),
  ]);
}

// ---- below: internals ----

function atLeg(m: Measurements, side: Side, place: 'Thigh' | 'Calf' | 'Foot', within: number): Finding[] {
  return contactsOf(m, side, { curve: `${side}To${place}`, within, frame: 'HandOverLap' }).map((contact) => {
    const seconds = (contact.end - contact.start) / m.sampleRate;
    const brief = contact.arrives && seconds < 0.6;
    const strength = Math.max(within / Math.max(0.03, contact.distance), 1 + contact.rubs / 4);
    const rubbing = contact.rubs > 2 ? `, moving to and fro ${contact.rubs} times` : '';
    const name = place === 'Foot' ? 'a foot' : place === 'Calf' ? 'the calf' : 'the thigh';
    return {
      action:
        place === 'Foot'
          ? 'scratching feet'
          : place === 'Calf'
            ? 'scratching legs'
            : brief
              ? 'patting legs'
              : 'touching legs',
      start: contact.start,
      end: contact.end,
      curve: contact.curve,
      strength,
      score: scoreOf({
        // A hand that only leaves its rest on the leg, or comes back to it, is seldom coded.
        specificity: contact.rubs > 2 ? 0.65 : brief ? 0.5 : 0.3,
        strength,
        visibility: contact.visibility,
      }),
      reason: `${side} hand is ${contact.distance.toFixed(2)} shoulder widths from ${name}${rubbing}`,
    };
  });
}
