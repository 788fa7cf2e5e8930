import type { Dice } from '../../../dice.ts';
import { type Standing, sign } from '../../body/figure.ts';
import { type Curls, evenCurls, type HandPose, pointingCurls } from '../../body/hand.ts';
import type { Side } from '../../body/limbs.ts';
import { direction, plus, times, unit, type Vector } from '../../body/vector.ts';
import { drawBeats } from '../beats.ts';
import { contact } from '../contact.ts';
import { drawDrift } from '../drift.ts';
import { drawFingering } from '../fingerings.ts';
import { armLength, type Gesture, inFront, spaceInFront } from '../inFront.ts';
import { plateau, smooth } from '../moment.ts';
import { onHead, onTrunk, type Spot } from '../places.ts';
import type { Program } from '../program.ts';
import { drawStages } from '../stages.ts';
import { handsTogetherPrograms } from './handsTogether.ts';
import { playingObjects } from './playingObjects.ts';

/** The index finger points at the own breast, seldom at the own face, from a few centimetres away; it may tap the air. */
const pointingOneself: Program = (situation) => {
  const { durationSeconds, dice } = situation;
  const [x, y] = [dice.uniform(-0.25, 0.35), dice.uniform(0.45, 0.75)];
  const breast: Spot = {
    at: [x, y, dice.uniform(1.25, 1.6)],
    part: 'index',
    fingers: [-0.75, 0.2, -0.6],
    palm: [0.35, -0.4, -0.85],
    elbow: [0.9, -0.6, 0.1],
    curls: pointingCurls,
  };
  const face: Spot = {
    ...breast,
    at: [0.15 * x, dice.uniform(-0.2, 0), dice.uniform(0.66, 0.8)],
    fingers: [-0.4, 0.75, -0.6],
  };
  return contact(situation, {
    hold: durationSeconds < 0.7 || dice.chance(0.75) ? onTrunk(breast) : onHead(face),
    manners: [
      ['rest', 2],
      ['stroke', 3],
    ],
  });
};

/** Fingers bend into a full or half fist, where the hand lies or before the trunk; they may open and bend again. */
const clenchingFist: Program = ({ subject, durationSeconds, arms, dice }) => {
  const full = dice.uniform(0.8, 1);
  const raised = dice.chance(0.5);
  const fist: Curls = [0.3 + 0.45 * full, full, full, full, full];
  const held: Gesture = {
    at: [dice.uniform(0.2, 0.34), dice.uniform(-0.03, 0.15), dice.uniform(0.42, 0.55)],
    fingers: [-0.35, dice.uniform(0, 0.7), 1],
    palm: [-0.85, -0.5, 0],
    elbow: [0.6, -0.9, -0.4],
    curls: fist,
    spread: 0,
  };
  const opens = drawBeats(dice, {
    durationSeconds,
    hertz: dice.uniform(0.6, 1.2) * subject.tempo,
    bout: [1, 3],
    pause: [0.6, 2],
  });
  const opening = durationSeconds > 1.6 && dice.chance(0.6) ? dice.uniform(0.6, 0.9) : 0;
  const rise = dice.uniform(0.3, 0.55) / subject.tempo;
  return {
    reach(hands, standing, now) {
      const share = plateau(now, rise);
      if (share === 0) return;
      const open = opening * opens.oneWay(now.seconds) * smooth(now.seconds / rise - 1);
      for (const side of arms) {
        const lying = hands[side];
        const off: Vector = [0, 0.45 * standing.size.palm * full, 0];
        const goal = raised ? inFront(standing, side, held) : { ...lying, wrist: plus(lying.wrist, off), spread: 0 };
        const curls = fist.map((curl, i) => curl + (lying.curls[i] - curl) * open) as unknown as Curls;
        hands.lead(side, { ...goal, curls }, share, raised ? [0, 0.02, 0.03] : [0, 0, 0]);
      }
    },
  };
};

/** An arm rises or extends ahead or to the side; it comes back within the act, or stays out when the act is over. */
const stretchingArms: Program = (situation) => {
  const { subject, durationSeconds, arms, dice } = situation;
  const returns = durationSeconds > 1.4 && dice.chance(0.65);
  const out = extended(dice, returns ? 'raised' : 'resting');
  const rise = dice.uniform(0.6, 1) / subject.tempo;
  const fall = dice.uniform(0.6, 1.1) / subject.tempo;
  const harder = drawBeats(dice, { durationSeconds, hertz: 0.5 * subject.tempo, bout: [1, 2], pause: [0.5, 2] });
  const stages = drawStages(dice, durationSeconds, dice.uniform(0.7, 1.2) / subject.tempo);
  return {
    reach(hands, standing, now) {
      const share = returns
        ? plateau(now, rise, fall) * (0.92 + 0.08 * harder.oneWay(now.seconds))
        : stages.done(now.seconds);
      for (const side of arms) hands.lead(side, out(standing, side), share * now.presence, pastThigh(standing, side));
    },
  };
};

/** An arm that was out comes back to where hands lie. */
const retractingArms: Program = ({ subject, durationSeconds, arms, dice }) => {
  const out = extended(dice, 'resting');
  const stages = drawStages(dice, durationSeconds, dice.uniform(0.7, 1.2) / subject.tempo);
  return {
    reach(hands, standing, now) {
      const share = (1 - stages.done(now.seconds)) * now.presence;
      for (const side of arms) hands.lead(side, out(standing, side), share, pastThigh(standing, side));
    },
  };
};

/** An open hand, at the shoulder or lower before the trunk, goes from side to side. */
const waving: Program = ({ subject, durationSeconds, arms, dice }) => {
  const height = dice.uniform(0, Math.min(1, durationSeconds)); // no time to go far in a short act
  const mixed = (low: number, high: number) => low + (high - low) * height;
  const metres = dice.uniform(0.06, 0.11) * subject.vigour;
  const fromWrist = dice.uniform(0.25, 0.6);
  const beats = drawBeats(dice, {
    durationSeconds,
    hertz: dice.uniform(1.5, 2.8) * subject.tempo,
    bout: [3, 8],
    pause: [0.2, 0.8],
  });
  const place: Vector = [mixed(0.22, 0.48), mixed(0.14, 0.6), mixed(0.62, 0.42)];
  const rise = dice.uniform(0.3, 0.5) / subject.tempo;
  const curl = dice.uniform(0, 0.2);
  return {
    reach(hands, standing, now) {
      const share = plateau(now, rise);
      if (share === 0) return;
      const swing = beats.toAndFro(now.seconds);
      for (const side of arms) {
        const goal = inFront(standing, side, {
          at: plus(place, [metres * swing, 0, 0]),
          fingers: [mixed(-0.25, 0.05) + fromWrist * swing, mixed(0.75, 1), mixed(0.65, 0.15)],
          palm: [mixed(-0.2, 0), mixed(-0.6, 0), 1],
          elbow: [0.6, -1, -0.2],
          curls: evenCurls(curl),
          spread: 0.5,
        });
        hands.lead(side, goal, share, [0, 0, 0.08]);
      }
    },
  };
};

/** An open hand shows its palm upwards, and may move outwards or up and down a little. */
const spreadingHands: Program = ({ subject, durationSeconds, arms, dice }) => {
  const [out, up, ahead] = [dice.uniform(0.26, 0.42), dice.uniform(-0.02, 0.16), dice.uniform(0.42, 0.58)];
  const outwards = dice.uniform(0.02, 0.1) * subject.vigour;
  const lifts = dice.uniform(0, 0.06) * subject.vigour;
  const beats = drawBeats(dice, {
    durationSeconds,
    hertz: dice.uniform(0.8, 1.4) * subject.tempo,
    bout: [1, 2],
    pause: [0.8, 2.5],
  });
  const rise = dice.uniform(0.4, 0.65) / subject.tempo;
  const [turned, curl] = [dice.uniform(0, 0.5), dice.uniform(0.02, 0.15)];
  return {
    reach(hands, standing, now) {
      const share = plateau(now, rise);
      if (share === 0) return;
      const stroke = beats.oneWay(now.seconds);
      for (const side of arms) {
        const goal = inFront(standing, side, {
          at: [out + outwards * (share + stroke - 1), up + lifts * stroke, ahead],
          fingers: [turned, 0, 1],
          palm: [-0.1, 1, 0.2],
          elbow: [0.35, -1, -0.4],
          curls: evenCurls(curl),
          spread: 0.7,
        });
        hands.lead(side, goal, share, [0, 0.03, 0.02]);
      }
    },
  };
};

/** Fingers alone move: they drum, ripple, tap, count, or the thumb rubs the index finger. */
const otherFingerMovements: Program = (situation) => {
  const { subject, arms, dice } = situation;
  const { curlsAt, held } = drawFingering(situation);
  const rise = dice.uniform(0.3, 0.5) / subject.tempo;
  const at: Vector = [dice.uniform(0.2, 0.32), dice.uniform(-0.04, 0.06), dice.uniform(0.45, 0.55)];
  return {
    reach(hands, standing, now) {
      const share = plateau(now, rise);
      if (share === 0) return;
      for (const side of arms) {
        const lying = hands[side];
        const goal = held ? inFront(standing, side, { ...held, at }) : lying;
        const curls = curlsAt(now.seconds, lying.curls);
        hands.lead(side, { ...goal, curls }, share, held ? [0, 0.02, 0.03] : [0, 0, 0]);
      }
    },
  };
};

/** Hands before the trunk go from place to place and beat, as they do beside speech. */
const illustrativeGestures: Program = ({ subject, durationSeconds, arms, dice }) => {
  const home: Vector = [dice.uniform(0.2, 0.32), dice.uniform(0.02, 0.22), dice.uniform(0.45, 0.58)];
  const places = drawPlaces(dice, durationSeconds, dice.uniform(0.6, 1) / subject.tempo);
  const beats = drawBeats(dice, {
    durationSeconds,
    hertz: dice.uniform(1.3, 2.2) * subject.tempo,
    bout: [1, 4],
    pause: [0.2, 0.9],
  });
  const wide = dice.uniform(0.6, 1.1) * subject.vigour;
  const [fingersUp, palmUp] = [dice.uniform(0.1, 0.5), dice.uniform(-0.3, 0.6)];
  const curl = dice.uniform(0.1, 0.3);
  const lead = dice.oneOf(arms);
  const follows = dice.uniform(0.6, 1);
  const lips = drawDrift(dice, 0.45);
  const rise = dice.uniform(0.4, 0.6) / subject.tempo;
  return {
    move({ face }, now) {
      face.mouth = Math.max(face.mouth, plateau(now, 0.3) * Math.max(0, Math.min(1, 0.45 + 0.4 * lips(now.seconds))));
    },
    reach(hands, standing, now) {
      const share = plateau(now, rise);
      if (share === 0) return;
      const [out, up, ahead] = places(now.seconds);
      const beat = beats.oneWay(now.seconds);
      for (const side of arms) {
        const much = wide * (side === lead ? 1 : follows);
        const goal = inFront(standing, side, {
          at: plus(home, times([0.11 * out, 0.1 * up - 0.08 * beat, 0.07 * ahead + 0.02 * beat], much)),
          fingers: [-0.2 + 0.25 * out, fingersUp + 0.25 * up - 0.3 * beat, 1],
          palm: [-0.8, palmUp + 0.5 * ahead, -0.2],
          elbow: [0.6, -1, -0.4],
          curls: evenCurls(curl + 0.08 * up),
          spread: 0.4,
        });
        hands.lead(side, goal, share);
      }
    },
  };
};

export const upperLimbPrograms: Readonly<Record<string, Program>> = {
  ...handsTogetherPrograms,
  'playing objects': playingObjects,
  'pointing oneself': pointingOneself,
  'clenching fist': clenchingFist,
  'stretching arms': stretchingArms,
  'retracting arms': retractingArms,
  waving,
  'spreading hands': spreadingHands,
  'other finger movements': otherFingerMovements,
  'illustrative gestures': illustrativeGestures,
};

// ---- below: internals ----

/** A nearly straight arm: `raised` for a moment, or out where an arm may stay for long. */
function extended(dice: Dice, how: 'raised' | 'resting'): (standing: Standing, side: Side) => HandPose {
  const { towards, palm } = dice.weighted(how === 'raised' ? raised : resting);
  const turned: Vector = [dice.normal(0, 0.07), dice.normal(0, 0.1), dice.normal(0, 0.07)];
  const straight = dice.uniform(0.92, 0.985);
  const [bent, curl] = [dice.uniform(-0.15, 0.2), dice.uniform(0.05, 0.3)];
  return (standing, side) => {
    const space = spaceInFront(standing, side);
    const along = direction(space, unit(plus(towards, turned)));
    return {
      wrist: plus(standing.shoulders[side], times(along, straight * armLength(standing.size))),
      fingers: plus(along, [0, bent, 0]),
      palm: direction(space, palm),
      elbow: direction(space, [0.7, -0.7, -0.5]),
      curls: evenCurls(curl),
      spread: 0.3,
    };
  };
}

/** For hands that go down beside the seat or come up from there. */
const pastThigh = ({ size }: Standing, side: Side): Vector => times([sign(side) * 0.13, 0.13, 0.06], armLength(size));

/** From the shoulder to the hand and out of the palm: out to the own side, up, ahead. */
interface Way {
  readonly towards: Vector;
  readonly palm: Vector;
}

const raised: readonly (readonly [Way, weight: number])[] = [
  [{ towards: [0.12, -0.2, 1], palm: [-0.3, -1, 0] }, 3],
  [{ towards: [0.8, -0.5, 0.35], palm: [-0.3, -0.8, 0.4] }, 2],
  [{ towards: [0.5, 0.35, 0.75], palm: [-0.3, -0.5, 0.8] }, 1],
];

/** Over the knee, beside the seat, hanging down. */
const resting: readonly (readonly [Way, weight: number])[] = [
  [{ towards: [0.15, -0.6, 0.8], palm: [-0.3, -1, 0] }, 3],
  [{ towards: [0.5, -0.9, 0.3], palm: [-0.5, -0.7, 0.4] }, 2],
  [{ towards: [0.3, -1, 0.12], palm: [-1, 0, 0] }, 1.5],
];

/** A smooth way through places about the origin, each held a little, all within 1 of it on every axis. */
function drawPlaces(dice: Dice, durationSeconds: number, everySeconds: number): (seconds: number) => Vector {
  const stops: { at: number; place: Vector }[] = [{ at: 0, place: [0, 0, 0] }];
  for (let at = 0.2; at < durationSeconds; at += everySeconds * dice.uniform(0.7, 1.3)) {
    stops.push({ at, place: [dice.uniform(-1, 1), dice.uniform(-1, 1), dice.uniform(-1, 1)] });
  }
  return (seconds) => {
    const i = Math.max(
      0,
      stops.findLastIndex(({ at }) => at <= seconds),
    );
    if (i === 0) return stops[0].place;
    const share = smooth((seconds - stops[i].at) / (0.6 * everySeconds));
    return plus(times(stops[i - 1].place, 1 - share), times(stops[i].place, share));
  };
}
