import type { Prop, Standing } from '../../body/figure.ts';
import { type Curls, fingerJoints, type HandPose, handFrame, pointingCurls } from '../../body/hand.ts';
import { otherSide, type Side } from '../../body/limbs.ts';
import { type Frame, minus, place, plus, times, type Vector } from '../../body/vector.ts';
import { drawBeats } from '../beats.ts';
import { type Hold, holding } from '../contact.ts';
import { type Gesture, inFront, spaceInFront } from '../inFront.ts';
import { plateau } from '../moment.ts';
import type { Program } from '../program.ts';
import { heldIn } from '../props.ts';
import { onThigh } from '../seat.ts';

/** Hands handle something: click or wag a pen, tap or swipe a phone, turn a cup. It is in the hand all through. */
export const playingObjects: Program = ({ subject, durationSeconds, dice }) => {
  const kind = dice.weighted([
    ['pen', 3],
    ['phone', 3],
    ['cup', 2],
  ] as const);
  const dominant = subject.rightHanded ? 'right' : 'left';
  const holder = dice.chance(kind === 'phone' ? 0.3 : 0.7) ? dominant : otherSide(dominant);
  const other = otherSide(holder);
  const { held, helping, hertz } = handling[kind];
  const at: Vector = [dice.uniform(0.04, 0.1), dice.uniform(-0.03, 0.08), dice.uniform(0.5, 0.58)];
  const beats = drawBeats(dice, {
    durationSeconds,
    hertz: dice.uniform(...hertz) * subject.tempo,
    bout: [3, 7],
    pause: [0.2, 0.9],
  });
  const size = subject.vigour * dice.uniform(0.7, 1.1);
  const rise = dice.uniform(0.45, 0.7) / subject.tempo;
  return {
    prop: { kind, side: holder },
    move({ face }, now) {
      face.gazePitch += 18 * plateau(now, 0.4);
    },
    reach(hands, standing, now) {
      hands.lead(holder, waiting(standing, holder, held.curls), now.presence, [0, 0, 0]);
      const share = plateau(now, rise);
      if (share === 0) return;
      const stroke = { there: size * beats.oneWay(now.seconds), about: size * beats.toAndFro(now.seconds) };
      const turned = plus(held.fingers, times(held.turns, stroke.about));
      const pose = inFront(standing, holder, { ...held, fingers: turned, at });
      hands.lead(holder, pose, share);
      const frame = handFrame(pose);
      const thing = heldIn(frame, fingerJoints(frame, holder, pose, standing.size), holder, kind, standing.size);
      hands.lead(other, holding(standing, other, helping(thing, spaceInFront(standing, other), stroke)), share);
    },
  };
};

// ---- below: internals ----

/** A hand on its thigh that keeps hold of something, the thumb up. */
function waiting(standing: Standing, side: Side, curls: Curls): HandPose {
  const { at, along, up } = onThigh(standing, side, 0.62);
  const { left: out } = spaceInFront(standing, side);
  return holding(standing, side, {
    at: plus(at, times(up, 0.055)),
    part: 'palm',
    fingers: minus(along, times(out, 0.3)),
    palm: times(out, -1),
    elbow: plus(times(out, 0.6), [0, -0.6, -0.6]),
    curls,
    spread: 0.1,
  });
}

interface Handling {
  /** The hand that holds it, and how its fingers turn with each stroke. */
  readonly held: Omit<Gesture, 'at'> & { readonly turns: Vector };
  /** What the other hand does at the thing; `space` is before the trunk, its left the other hand's side. */
  helping(thing: Frame, space: Frame, stroke: { there: number; about: number }): Hold;
  readonly hertz: readonly [number, number];
}

const handling: Readonly<Record<Prop['kind'], Handling>> = {
  pen: {
    held: {
      fingers: [-0.55, 0.2, 0.75],
      palm: [-0.4, -0.9, 0],
      elbow: [0.6, -1, -0.4],
      curls: [0.45, 0.5, 0.62, 0.72, 0.78],
      spread: 0.1,
      turns: [0.12, 0.3, 0],
    },
    helping: (pen, { left: out, up, front }, { there }) => ({
      at: place(pen, [0, 0.065, 0.008 * there]),
      part: 'index',
      fingers: plus(times(out, -0.45), front),
      palm: plus(times(out, -0.4), times(up, -0.9)),
      elbow: plus(times(out, 0.5), [0, -1, -0.4]),
      curls: [0.5, 0.5 + 0.1 * there, 0.65, 0.72, 0.78],
      spread: 0.1,
    }),
    hertz: [1, 2],
  },
  phone: {
    held: {
      fingers: [-0.35, 0.55, 0.75],
      palm: [0.1, 0.75, -0.6],
      elbow: [0.5, -1, -0.4],
      curls: [0.4, 0.4, 0.42, 0.45, 0.5],
      spread: 0.1,
      turns: [0.02, 0.03, 0],
    },
    helping: (phone, { left: out, up, front }, { there, about }) => ({
      at: place(phone, [0, 0.02 * about, 0.006 + 0.025 * (1 - there)]),
      part: 'index',
      fingers: plus(plus(times(out, -0.6), times(front, 0.7)), times(up, -0.35)),
      palm: plus(times(out, -0.25), plus(times(up, -0.85), times(front, -0.4))),
      elbow: plus(out, times(up, -0.8)),
      curls: pointingCurls,
      spread: 0.1,
    }),
    hertz: [1.4, 2.6],
  },
  cup: {
    held: {
      fingers: [-0.25, 0.05, 1],
      palm: [-1, 0, -0.1],
      elbow: [0.7, -1, -0.4],
      curls: [0.4, 0.38, 0.38, 0.38, 0.4],
      spread: 0.2,
      turns: [0.28, 0.06, 0],
    },
    helping: (cup, { left: out, front }, { about }) => ({
      at: place(cup, [0, 0, 0.042]),
      part: 'palm',
      fingers: plus(times(front, 1), times(out, -0.25 - 0.28 * about)),
      palm: times(cup.front, -1),
      elbow: plus(times(out, 0.7), [0, -1, -0.4]),
      curls: [0.4, 0.38, 0.38, 0.38, 0.4],
      spread: 0.2,
    }),
    hertz: [0.5, 0.9],
  },
};
