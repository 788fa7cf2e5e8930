import type { Standing } from '../body/figure.ts';
import { type Curls, type HandPose, type Touching, touch } from '../body/hand.ts';
import type { Side } from '../body/limbs.ts';
import type { Proportions } from '../body/proportions.ts';
import { across, cross, plus, times, unit, type Vector } from '../body/vector.ts';
import type { Dice } from '../dice.ts';
import { drawBeats } from './beats.ts';
import { drawDrift } from './drift.ts';
import { plateau, smooth } from './moment.ts';
import type { Performance, Situation } from './program.ts';

/** A hand at a place of the body. */
export interface Hold extends Omit<HandPose, 'wrist'> {
  /** What is touched, on the skin or the cloth. */
  readonly at: Vector;
  readonly part: Touching;
}

/** `rest`: lies there; `rub`: slow circles; `stroke`: slowly to and fro along the fingers; `scratch`: quick finger tips. */
export type Manner = 'rest' | 'rub' | 'stroke' | 'scratch';

export interface Touches {
  /** Asked at every moment: the place moves with the body. */
  hold(standing: Standing, side: Side): Hold;
  /** What the hand may do there, by weight. */
  readonly manners: readonly (readonly [Manner, weight: number])[];
  /** How far the hand leaves the straight line on its way, in metres (see `Hands.lead`). */
  lift?(side: Side, size: Proportions): Vector;
  /** Middle seconds of the way there and of the way back; 0.6 without. */
  readonly reachSeconds?: number;
}

/** A hand goes to a place, does something there, and goes back. */
export function contact({ subject, durationSeconds, arms, dice }: Situation, touches: Touches): Performance {
  const manner = dice.weighted(touches.manners);
  const middle = (touches.reachSeconds ?? 0.6) / subject.tempo;
  const rise = middle * dice.uniform(0.8, 1.2);
  const fall = middle * dice.uniform(0.9, 1.35);
  const fidgets = new Map(
    arms.map((side) => {
      const own = dice.fork(side);
      return [side, drawFidget(own, manner, durationSeconds, subject.tempo, subject.vigour)];
    }),
  );
  return {
    reach(hands, standing, now) {
      const share = plateau(now, rise, fall);
      if (share === 0) return;
      const there = smooth((share - 0.75) / 0.25);
      for (const side of arms) {
        const hold = touches.hold(standing, side);
        const { at, curls } = fidgeting(hold, fidgets.get(side)!(now.seconds), there * standing.size.palm);
        const goal = touch(at, hold.part, { ...hold, curls }, side, standing.size);
        hands.lead(side, goal, share, touches.lift?.(side, standing.size));
      }
    },
  };
}

// ---- below: internals ----

/** In palm lengths along the fingers and across them; added to each finger's curl. */
interface Fidget {
  readonly along: number;
  readonly aside: number;
  readonly curl: number;
}

function drawFidget(dice: Dice, manner: Manner, durationSeconds: number, tempo: number, vigour: number) {
  const [wanderAlong, wanderAside] = [drawDrift(dice, 4), drawDrift(dice, 5)];
  const size = vigour * dice.uniform(0.11, 0.19);
  const moves: Record<Manner, () => (seconds: number) => Fidget> = {
    rest: () => () => ({ along: 0, aside: 0, curl: 0 }),
    rub: () => {
      const [rate, phase] = [2 * Math.PI * dice.uniform(0.8, 1.4) * tempo, dice.uniform(0, 7)];
      const round = dice.uniform(0.3, 1) * dice.oneOf([-1, 1]);
      return (seconds) => ({
        along: size * Math.sin(rate * seconds + phase),
        aside: round * size * Math.cos(rate * seconds + phase),
        curl: 0,
      });
    },
    stroke: () => {
      const beats = drawBeats(dice, { durationSeconds, hertz: dice.uniform(0.7, 1.1) * tempo, bout: [2, 4] });
      return (seconds) => ({ along: -2 * size * beats.oneWay(seconds), aside: 0, curl: 0.05 * beats.oneWay(seconds) });
    },
    scratch: () => {
      const hertz = dice.uniform(2.6, 4.4) * Math.min(1.1, tempo);
      const beats = drawBeats(dice, { durationSeconds, hertz, bout: [4, 9], pause: [0.15, 0.5] });
      return (seconds) => ({ along: -size * beats.oneWay(seconds), aside: 0, curl: 0.12 * beats.oneWay(seconds) });
    },
  };
  const move = moves[manner]();
  return (seconds: number): Fidget => {
    const { along, aside, curl } = move(seconds);
    return { along: along + 0.04 * wanderAlong(seconds), aside: aside + 0.04 * wanderAside(seconds), curl };
  };
}

/** The touched place moves over what it lies on, never into it. */
function fidgeting(hold: Hold, { along, aside, curl }: Fidget, metres: number): { at: Vector; curls: Curls } {
  const out = unit(hold.palm);
  const ahead = unit(across(hold.fingers, out));
  const slid = plus(times(ahead, along * metres), times(cross(out, ahead), aside * metres));
  const bent = metres > 0 ? curl : 0;
  return { at: plus(hold.at, slid), curls: hold.curls.map((each) => each + bent) as unknown as Curls };
}
