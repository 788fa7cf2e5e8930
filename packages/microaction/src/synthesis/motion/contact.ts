import type { Dice } from '../../dice.ts';
import { armBones, type Standing, sign } from '../body/figure.ts';
import { type Curls, type HandPose, type Touching, touchingPart, touchWith, withinWrist } from '../body/hand.ts';
import type { Side } from '../body/limbs.ts';
import type { Proportions } from '../body/proportions.ts';
import { across, cross, dot, minus, mix, plus, times, unit, type Vector } from '../body/vector.ts';
import { drawBeats } from './beats.ts';
import { drawDrift } from './drift.ts';
import type { Hands } from './hands.ts';
import { plateau, smooth, unhurried } from './moment.ts';
import type { Performance, Situation } from './program.ts';

/** A hand at a place of the body. */
export interface Hold extends Omit<HandPose, 'wrist'> {
  /** What is touched, on the skin or the cloth. */
  readonly at: Vector;
  readonly part: Touching;
}

/**
 * The hand that touches what it holds. Where its wrist would bend too far for that, its fingers point less along the way
 * they should and more along the forearm.
 */
export function holding(standing: Standing, side: Side, hold: Hold): HandPose {
  const local = touchingPart(hold.part, hold, side, standing.size);
  let pose = touchWith(hold.at, local, hold);
  for (let i = 0; i < 8; i++) {
    const { elbow, wrist } = armBones(standing, side, pose);
    const bent = withinWrist(hold.fingers, minus(wrist, elbow), 60);
    if (dot(bent, unit(pose.fingers)) > 0.9999) break;
    // By halves: where the fingers point moves the wrist, and with it the forearm.
    pose = touchWith(hold.at, local, { ...hold, fingers: mix(unit(pose.fingers), bent, 0.5) });
  }
  return pose;
}

/** `rest`: lies there; `rub`: slow circles; `stroke`: slowly to and fro along the fingers; `scratch`: quick finger tips;
 * `push`: comes down from just above, once or twice. */
export type Manner = 'rest' | 'rub' | 'stroke' | 'scratch' | 'push';

export interface Touches {
  /** Asked at every moment: the place moves with the body. */
  hold(standing: Standing, side: Side, hands: Hands): Hold;
  /** What the hand may do there, by weight. */
  readonly manners: readonly (readonly [Manner, weight: number])[];
  /** How far the hand leaves the straight line on its way, in metres (see `Hands.lead`). */
  lift?(side: Side, size: Proportions): Vector;
  /** Middle seconds of the way there and of the way back; 0.6 without. */
  readonly reachSeconds?: number;
  /** How many times as large as on a face the hand's movements there are; 1 without. */
  readonly amplitude?: number;
}

/** A hand goes to a place, does something there, and goes back. */
export function contact(situation: Situation, touches: Touches): Performance {
  const { subject, arms, dice } = situation;
  const { amplitude = 1 } = touches;
  const manner = dice.weighted(touches.manners);
  const middle = (touches.reachSeconds ?? 0.6) / subject.tempo;
  const rise = middle * dice.uniform(0.8, 1.2);
  const fall = middle * dice.uniform(0.9, 1.35);
  const elbowLean: Vector = [0, dice.normal(0, 0.12), dice.normal(0, 0.12)];
  const fidgets = new Map(arms.map((side) => [side, drawFidget(dice.fork(side), manner, situation)]));
  return {
    reach(hands, standing, now) {
      const share = plateau(unhurried(now, 1.5 * middle), rise, fall);
      if (share === 0) return;
      const there = smooth((share - 0.75) / 0.25);
      for (const side of arms) {
        const hold = touches.hold(standing, side, hands);
        const moving = fidgeting(hold, fidgets.get(side)!(now.seconds), there, amplitude * standing.size.palm);
        const goal = holding(standing, side, { ...moving, elbow: plus(hold.elbow, elbowLean) });
        hands.lead(side, goal, share, touches.lift?.(side, standing.size));
      }
    },
  };
}

/** For `lift`: around what is between, to the hand's own side and to the front, in lengths of the upper arm. */
export const passing =
  (aside: number, ahead = 0.24) =>
  (side: Side, { upperArm }: Proportions): Vector => [sign(side) * aside * upperArm, 0.07 * upperArm, ahead * upperArm];

// ---- below: internals ----

/** In palm lengths along the fingers, across them and out of what is touched; added to each finger's curl. */
interface Fidget {
  readonly along: number;
  readonly aside: number;
  readonly off?: number;
  readonly curl?: number;
}

/** No two people touch the same place in the same way, and no hand lies quite still. */
function drawFidget(dice: Dice, manner: Manner, situation: Situation): (seconds: number) => Fidget {
  const [slowly, aslant] = [drawDrift(dice, 4), drawDrift(dice, 5)];
  const own = { along: dice.normal(0, 0.045), aside: dice.normal(0, 0.045), curl: dice.normal(0, 0.04) };
  const move = drawManner(dice, manner, situation);
  return (seconds) => {
    const { along, aside, off, curl = 0 } = move(seconds);
    return {
      along: along + own.along + 0.04 * slowly(seconds),
      aside: aside + own.aside + 0.04 * aslant(seconds),
      off,
      curl: curl + own.curl,
    };
  };
}

function drawManner(dice: Dice, manner: Manner, { durationSeconds, subject }: Situation): (seconds: number) => Fidget {
  const size = subject.vigour * dice.uniform(0.11, 0.19);
  const repeated = (hertz: number, bout: readonly [number, number], pause?: readonly [number, number]) =>
    drawBeats(dice, { durationSeconds, hertz: hertz * subject.tempo, bout, pause });
  switch (manner) {
    case 'rest':
      return () => ({ along: 0, aside: 0 });
    case 'rub': {
      const [rate, phase] = [2 * Math.PI * dice.uniform(0.8, 1.4) * subject.tempo, dice.uniform(0, 2 * Math.PI)];
      const round = dice.uniform(0.3, 1) * dice.oneOf([-1, 1]);
      return (seconds) => {
        const angle = rate * seconds + phase;
        return { along: size * Math.sin(angle), aside: round * size * Math.cos(angle) };
      };
    }
    case 'stroke': {
      const beats = repeated(dice.uniform(0.7, 1.1), [2, 4]);
      return (seconds) => ({ along: 2 * size * (beats.oneWay(seconds) - 0.5), aside: 0 });
    }
    case 'scratch': {
      const beats = repeated(dice.uniform(2.6, 4), [4, 9], [0.15, 0.5]);
      return (seconds) => ({
        along: size * (0.5 - beats.oneWay(seconds)),
        aside: 0,
        curl: 0.12 * beats.oneWay(seconds),
      });
    }
    case 'push': {
      const beats = repeated(dice.uniform(1.3, 1.9), [1, 2], [1, 3]);
      return (seconds) => ({ along: 0, aside: 0, off: 0.3 * (1 - beats.oneWay(seconds)) });
    }
  }
}

/** The touched place moves over what it lies on by `share` of a fidget, which is given in lengths of `metres`. */
function fidgeting(hold: Hold, { along, aside, off = 0, curl = 0 }: Fidget, share: number, metres: number): Hold {
  const out = unit(times(hold.palm, -1));
  const ahead = unit(across(hold.fingers, out));
  const slid = plus(plus(times(ahead, along), times(cross(out, ahead), aside)), times(out, off));
  return {
    ...hold,
    at: plus(hold.at, times(slid, share * metres)),
    curls: hold.curls.map((each) => Math.max(0, each + share * curl)) as unknown as Curls,
  };
}
