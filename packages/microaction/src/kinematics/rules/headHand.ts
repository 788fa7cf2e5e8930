import { type Contact, contactsOf } from '../contact.ts';
import { type Finding, scoreOf } from '../finding.ts';
import { type ChannelId, type Measurements, type Side, sides } from '../measurements.ts';
import { medianOf } from '../signals.ts';

/** Places on the head that a hand may touch, with the action that it is then. */
const places = [
  { place: 'Nose', name: 'nose', action: 'touching nose' },
  { place: 'Mouth', name: 'mouth', action: 'covering mouth' },
  { place: 'Eyes', name: 'eyes', action: 'rubbing eyes' },
  { place: 'Forehead', name: 'forehead', action: 'scratching or touching forehead' },
  { place: 'Hair', name: 'top of the head', action: 'playing or tidying hair' },
  { place: 'Ear', name: 'ear', action: 'touching ears' },
  { place: 'Cheek', name: 'cheek', action: 'scratching or touching face' },
] as const;

/** A finger tip that far from a place touches it: the points are the middle of what they name. */
const withinShoulderWidths = 0.24;

/** Part F: a hand at the head. */
export function headHandRule(m: Measurements): Finding[] {
  return sides.flatMap((side) => atHead(m, side));
}

// ---- below: internals ----

function atHead(m: Measurements, side: Side): Finding[] {
  const contacts = places.flatMap(({ place }) =>
    contactsOf(m, side, { curve: curveOf(side, place), within: withinShoulderWidths, frame: 'HandOverFace' }),
  );
  return joined(contacts).map((span) => {
    const ranked = places
      .map((place) => ({
        ...place,
        distance: medianOf(m.channel(curveOf(side, place.place)).values.subarray(span.start, span.end + 1)),
      }))
      .sort((a, b) => a.distance - b.distance);
    const [best, second] = ranked;
    // The nearer place wins; how much nearer it is says how well it is told from the next.
    const margin = Math.min(1, (second.distance - best.distance) / 0.12);
    const strength = withinShoulderWidths / Math.max(0.03, best.distance);
    const visibility = medianOf(span.contacts.map((contact) => contact.visibility));
    return {
      action: best.action,
      start: span.start,
      end: span.end,
      curve: curveOf(side, best.place),
      strength,
      score: scoreOf({ specificity: 0.55 + 0.3 * margin, strength, visibility }),
      reason: `${side} hand is ${best.distance.toFixed(2)} shoulder widths from the ${best.name}, next nearest is the ${second.name}`,
    };
  });
}

const curveOf = (side: Side, place: (typeof places)[number]['place']): ChannelId => `${side}To${place}`;

/** Contacts with several places of one head that overlap are one visit of the hand. */
function joined(contacts: readonly Contact[]) {
  const visits: { start: number; end: number; contacts: Contact[] }[] = [];
  for (const contact of contacts.toSorted((a, b) => a.start - b.start)) {
    const visit = visits.at(-1);
    if (visit && contact.start <= visit.end + 1) {
      visit.end = Math.max(visit.end, contact.end);
      visit.contacts.push(contact);
    } else visits.push({ start: contact.start, end: contact.end, contacts: [contact] });
  }
  return visits;
}
