import { armBones, type Standing, sign } from '../../body/figure.ts';
import { type Curls, evenCurls, type HandPose } from '../../body/hand.ts';
import { otherSide, type Side, sides } from '../../body/limbs.ts';
import { across, dot, minus, mix, plus, times, unit, type Vector } from '../../body/vector.ts';
import { drawBeats } from '../beats.ts';
import { contact, type Hold } from '../contact.ts';
import { drawDrift } from '../drift.ts';
import { armLength, type Gesture, inFront, spaceInFront } from '../inFront.ts';
import { type Moment, plateau, smooth } from '../moment.ts';
import type { Program, Situation } from '../program.ts';

/** One hand scratches the other arm, below or above its elbow; that arm lies where it lay or across the lap. */
const scratchingArms: Program = (situation) => {
  const { subject, dice } = situation;
  const dominant = subject.rightHanded ? 'right' : 'left';
  const scratching = dice.chance(0.75) ? dominant : otherSide(dominant);
  const scratched = otherSide(scratching);
  const upper = dice.chance(0.35);
  const share = upper ? dice.uniform(0.45, 0.75) : dice.uniform(0.25, 0.7);
  const brought = dice.chance(0.45);
  const lies: Gesture = {
    at: [dice.uniform(-0.02, 0.06), dice.uniform(-0.08, -0.04), dice.uniform(0.42, 0.5)],
    fingers: [-1, 0, 0.45],
    palm: [0, -1, -0.15],
    elbow: [0.8, -0.6, -0.3],
    curls: evenCurls(dice.uniform(0.15, 0.35)),
    spread: 0.2,
  };
  const scratches = contact(
    { ...situation, arms: [scratching] },
    {
      hold: (standing, _, hands) => onOtherArm(standing, scratching, hands[scratched], upper, share),
      manners: [
        ['scratch', 5],
        ['stroke', 1.5],
        ['rub', 1],
      ],
      lift: () => [0, 0.05, 0.08],
    },
  );
  return {
    reach(hands, standing, now) {
      const share = brought ? plateau(now, 0.5, 0.6) : 0;
      if (share > 0) hands.lead(scratched, inFront(standing, scratched, lies), share);
      scratches.reach!(hands, standing, now);
    },
  };
};

/** Hands leave where they lie, approach each other until the palms meet, and stay so. */
const puttingHandsTogether: Program = (situation) => {
  const { durationSeconds, subject, dice } = situation;
  const clasped = dice.chance(0.5);
  const meeting = drawMeeting(situation, clasped ? { tilt: dice.uniform(40, 75), crossed: 0.6 } : {});
  const opens = drawBeats(dice, { durationSeconds, hertz: 0.6 * subject.tempo, bout: [1, 1], pause: [1.5, 4] });
  const opening = durationSeconds > 3 && dice.chance(0.35) ? dice.uniform(0.3, 0.8) : 0;
  return {
    reach(hands, standing, now) {
      const { share, met } = meeting.progress(now);
      if (share === 0) return;
      const gap = 2.4 * (1 - met) + opening * met * opens.oneWay(now.seconds);
      const curl = clasped ? 0.42 * smooth(1 - gap) : 0;
      for (const side of sides) {
        hands.lead(side, meeting.pose(standing, side, { gap, curls: bentFrom(flat, curl) }), share);
      }
    },
  };
};

/** Joined hands rub each other, along the fingers or in circles. */
const rubbingHands: Program = (situation) => {
  const { durationSeconds, subject, dice } = situation;
  const meeting = drawMeeting(situation, { tilt: dice.uniform(0, 60), crossed: dice.uniform(0, 0.4) });
  const hertz = dice.uniform(1.5, 3) * subject.tempo;
  const beats = drawBeats(dice, { durationSeconds, hertz, bout: [4, 10], pause: [0.2, 0.5] });
  const along = dice.uniform(0.3, 0.5) * subject.vigour;
  const round = dice.oneOf([0, 0, 0.5, -0.5]) * along;
  const rolls = dice.uniform(-8, 18);
  return {
    reach(hands, standing, now) {
      const share = plateau(now, 0.5 * meeting.rise, 0.7 * meeting.rise);
      if (share === 0) return;
      const there = along * beats.toAndFro(now.seconds);
      const aside = round * (2 * beats.oneWay(now.seconds) - 1) * smooth(2 * share - 1);
      for (const side of sides) {
        const slid: Vector = times([0, aside + 0.7 * there, there], sign(side));
        const moving = { gap: 0.4 * (1 - share), slid, roll: rolls * beats.toAndFro(now.seconds), curls: flat };
        hands.lead(side, meeting.pose(standing, side, moving), share);
      }
    },
  };
};

/** Fingers of both hands go from apart to interlaced; when there is time they loosen and close again, and thumbs stir. */
const handsTouchingFingers: Program = (situation) => {
  const { durationSeconds, subject, dice } = situation;
  const meeting = drawMeeting(situation, { inward: dice.uniform(0.6, 1.05) });
  const loosens = drawBeats(dice, { durationSeconds, hertz: 0.5 * subject.tempo, bout: [1, 2], pause: [1, 3.5] });
  const loose = durationSeconds > 3 ? dice.uniform(0.3, 0.6) : 0;
  const stirs = sides.map(() => drawDrift(dice, dice.uniform(0.9, 2)));
  return {
    reach(hands, standing, now) {
      const { share, met } = meeting.progress(now);
      if (share === 0) return;
      const apart = 1 - met + loose * met * smooth(now.seconds / 2 - 0.5) * loosens.oneWay(now.seconds);
      const bent = 0.5 * smooth(1 - 1.4 * apart);
      sides.forEach((side, i) => {
        const stir = 0.07 * stirs[i](now.seconds);
        const curls: Curls = [0.35 + 2 * stir * met, bent + stir, bent, bent - 0.5 * stir, bent + 0.5 * stir];
        // Each finger lies between two of the other hand.
        const slid: Vector = [0, 0.065 * sign(side), 0];
        const fingers = { gap: 2 * apart, slid, curls, spread: 0.35 + 0.4 * smooth(2 * apart) };
        hands.lead(side, meeting.pose(standing, side, fingers), share);
      });
    },
  };
};

export const handsTogetherPrograms: Readonly<Record<string, Program>> = {
  'scratching arms': scratchingArms,
  'putting hands together': puttingHandsTogether,
  'rubbing hands': rubbingHands,
  'hands touching fingers': handsTouchingFingers,
};

// ---- below: internals ----

/** Finger tips on the upper side of the other forearm, or on the outer side of the other upper arm. */
function onOtherArm(standing: Standing, side: Side, otherHand: HandPose, upper: boolean, share: number): Hold {
  const { shoulder, elbow, wrist } = armBones(standing, otherSide(side), otherHand);
  const { origin, left: out, up, front } = spaceInFront(standing, side);
  const [from, to] = upper ? [shoulder, elbow] : [elbow, wrist];
  const skinward = upper ? minus(times(front, 0.7), times(out, 0.8)) : plus(up, times(front, 0.6));
  const normal = unit(across(skinward, unit(minus(to, from))));
  const radius = upper ? 0.025 + 0.025 * standing.size.girth : 0.042 * standing.size.girth - 0.012 * share;
  // A forearm is scratched before the trunk: its elbow may be out of the other hand's way.
  const ahead = (joint: Vector) => dot(minus(joint, origin), front) / armLength(standing.size);
  const nearest = upper ? 0 : Math.min(0.9, (0.37 - ahead(from)) / Math.max(0.1, ahead(to) - ahead(from)));
  const inward = upper ? minus(times(up, 0.25), out) : minus(times(front, 0.1), out);
  return {
    at: plus(mix(from, to, Math.max(share, nearest)), times(normal, radius)),
    part: 'fingertips',
    fingers: plus(unit(across(inward, normal)), times(normal, -0.15)),
    palm: times(normal, -1),
    elbow: plus(times(out, upper ? 0.4 : 0.8), times(up, -0.8)),
    curls: [0.35, 0.3, 0.32, 0.36, 0.42],
    spread: 0.3,
  };
}

/** Straight fingers that lie flat on those of the other hand. */
const flat: Curls = [0.15, -0.06, -0.07, -0.07, -0.06];
const bentFrom = (curls: Curls, more: number) => curls.map((curl) => curl + more) as unknown as Curls;

interface MeetingStyle {
  /** From palms that stand up towards one that lies on the other, degrees. */
  readonly tilt?: number;
  /** How far the fingers of one cross those of the other as palms meet. */
  readonly crossed?: number;
  /** Fingers point at the other hand, by so much to one ahead, and meet at the knuckles. */
  readonly inward?: number;
}

interface Meeting {
  /** How far the hands have come (`share`), and how far they are closed upon each other then. */
  progress(now: Moment): { share: number; met: number };
  /** All in palm lengths: between what meets, and of what is slid along the meeting palms (out, up, ahead). */
  pose(
    standing: Standing,
    side: Side,
    moving: { gap: number; slid?: Vector; roll?: number; curls: Curls; spread?: number },
  ): HandPose;
  readonly rise: number;
}

/** Two hands that meet before the belly, each the other's mirror image. */
function drawMeeting({ subject, durationSeconds, dice }: Situation, style: MeetingStyle): Meeting {
  const { tilt = 0, crossed = 0, inward = 0 } = style;
  const over = dice.oneOf([-1, 1]);
  const [aside, up, ahead] = [dice.normal(0, 0.02), dice.uniform(-0.05, 0.12), dice.uniform(0.44, 0.54)];
  const pitch = inward ? dice.uniform(0, 0.3) : dice.uniform(0.15, 0.6);
  const rise = dice.uniform(0.5, 0.75) / subject.tempo;
  const close = dice.uniform(0.6, 1) / subject.tempo;
  const delay = 0.4 * Math.min(rise, durationSeconds / 4);
  const palmShare = subject.size.palm / (subject.size.upperArm + subject.size.forearm);
  return {
    rise,
    progress: (now) => ({
      share: plateau(now, rise),
      met: plateau(
        { ...now, seconds: now.seconds - delay, durationSeconds: durationSeconds - 1.5 * delay },
        close,
        0.7 * close,
      ),
    }),
    pose(standing, side, { gap, slid = [0, 0, 0], roll = 0, curls, spread = 0 }) {
      const own = sign(side);
      const angle = ((tilt + roll) * Math.PI) / 180;
      const facing: Vector = [-Math.cos(angle), -own * over * Math.sin(angle), 0];
      const pointed: Vector = inward
        ? [-inward, pitch, 1]
        : plus([0, pitch, 1], upright(facing, -own * over * crossed));
      const fingers = unit(inward ? pointed : across(pointed, facing));
      // Interlaced hands meet at the roots of their fingers, others in the middle of their palms.
      const back = inward ? times(fingers, -0.36) : ([0, 0, 0] as Vector);
      const apart: Vector = inward ? [0.5 * gap, 0, 0] : times(facing, -0.5 * gap);
      const offset = plus(plus(apart, back), inward ? slid : across(slid, facing));
      const middle: Vector = [own * aside, up, ahead];
      return inFront(standing, side, {
        at: plus(middle, times(offset, palmShare)),
        fingers,
        palm: inward ? [-0.7, 0, -0.7] : facing,
        elbow: [0.45, -1, -0.45],
        curls,
        spread,
      });
    },
  };
}

/** At right angles to the palm and to what is ahead, by so much. */
const upright = ([x, y]: Vector, by: number): Vector => times([-y, x, 0], by);
