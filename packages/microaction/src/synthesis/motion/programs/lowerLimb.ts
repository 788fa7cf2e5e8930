import type { Dice } from '../../../dice.ts';
import type { LegControls } from '../../body/controls.ts';
import { type Side, sides } from '../../body/limbs.ts';
import { drawBeats } from '../beats.ts';
import { drawDrift } from '../drift.ts';
import { plateau, step, unhurried } from '../moment.ts';
import type { Performance, Program, Situation } from '../program.ts';
import { drawStages } from '../stages.ts';

/** The heel, and with it the knee, goes up and down above the ball of the foot: once, in bouts, or without a pause. */
const shakingLegs: Program = ({ subject, durationSeconds, legs, dice }) => {
  const once = durationSeconds < 1.3 && dice.chance(0.4);
  const hertz = once ? 2 : Math.min(5.8, Math.max(3.2, dice.uniform(3.3, 5.4) * subject.tempo));
  const bout = dice.chance(0.35) ? ([5, 16] as const) : undefined;
  const pause = [0.25, 0.7] as const;
  const together = dice.chance(0.6);
  const shaken = legs.map((side) => {
    const own = together ? dice.fork('both') : dice.fork(side);
    return {
      side,
      beats: drawBeats(own, { durationSeconds, hertz, bout: once ? [1, 1] : bout, pause }),
      base: own.uniform(3, 13),
      degrees: own.uniform(10, 17) * subject.vigour * (once ? 1.3 : 1),
      kneeOut: own.uniform(-1.5, 1.5),
    };
  });
  return {
    move(controls, now) {
      const raised = plateau(now, 0.3);
      for (const { side, beats, base, degrees, kneeOut } of shaken) {
        const up = beats.oneWay(now.seconds);
        controls.legs[side].heel += base * raised + degrees * up;
        controls.legs[side].kneeOut += kneeOut * up;
      }
    },
  };
};

/** Knees move apart and stay so. */
const spreadLegs: Program = (situation) => {
  const { together, apart } = drawKnees(situation);
  return change(situation, () => [together, apart], 0.75);
};

/** Knees move together and stay so. */
const closingLegs: Program = (situation) => {
  const { together, apart } = drawKnees(situation);
  return change(situation, () => [apart, together], 0.75);
};

/** A foot extends forward or sideways and stays there. */
const stretchingFeet: Program = (situation) => {
  const { subject, dice } = situation;
  const sideways = dice.chance(0.25);
  const far = Math.min(0.55, dice.uniform(0.32, 0.5) * subject.vigour) * subject.size.shin;
  return change(
    situation,
    (own) => {
      const reach = far * own.uniform(0.85, 1);
      const back = -0.25 * reach * own.uniform(0, 1);
      if (sideways) return [{}, { out: 0.75 * reach, forward: 0.3 * reach, toesOut: own.uniform(5, 20), kneeOut: 4 }];
      return [{ forward: back }, { forward: reach, heel: own.uniform(-16, 0), toesOut: own.uniform(-2, 8) }];
    },
    0.8,
  );
};

/** A foot that stood out comes back towards the seat and stays there, flat. */
const retractingFeet: Program = (situation) => {
  const { subject, dice } = situation;
  const far = dice.uniform(0.2, 0.36) * subject.size.shin;
  const near = dice.uniform(0.16, 0.3) * subject.size.shin * subject.vigour;
  return change(
    situation,
    (own) => [
      { forward: far * own.uniform(0.85, 1), heel: own.uniform(-9, 0) },
      { forward: -near * own.uniform(0.85, 1), out: own.uniform(-0.03, 0.01) },
    ],
    0.8,
  );
};

/** Heels up, toes on the ground, the feet as a rule a little under the seat; now and then the heels dip. */
const tiptoe: Program = ({ subject, durationSeconds, legs, dice }) => {
  const rise = dice.uniform(0.45, 0.7) / subject.tempo;
  const back = dice.uniform(0.02, 0.24) * subject.size.shin;
  const degrees = Math.min(46, dice.uniform(26, 40) * subject.vigour);
  const held = legs.map((side) => {
    const own = dice.fork(side);
    const dips = drawBeats(own, { durationSeconds, hertz: 1.2 * subject.tempo, bout: [1, 2], pause: [0.8, 2.5] });
    return { side, degrees: degrees * own.uniform(0.9, 1), sway: drawDrift(own, 1.6), dips, dip: own.uniform(0, 0.25) };
  });
  return {
    move(controls, now) {
      const share = plateau(now, rise);
      for (const { side, degrees: heel, sway, dips, dip } of held) {
        const leg = controls.legs[side];
        leg.heel += share * (heel * (1 - dip * dips.oneWay(now.seconds)) + 0.8 * sway(now.seconds));
        leg.foot.forward -= back * share;
      }
    },
  };
};

/** One leg folded over the other, its ankle on the other thigh. */
const curlingLegs: Program = (situation) => folding(situation, 'curl');

/** One thigh over the other. */
const crossingLegs: Program = (situation) => folding(situation, 'cross');

export const lowerLimbPrograms: Readonly<Record<string, Program>> = {
  'shaking legs': shakingLegs,
  'curling legs': curlingLegs,
  'spread legs': spreadLegs,
  'closing legs': closingLegs,
  'crossing legs': crossingLegs,
  'stretching feet': stretchingFeet,
  'retracting feet': retractingFeet,
  tiptoe,
};

// ---- below: internals ----

/** Of a leg, from how it stands at rest: the foot in metres, the rest in degrees. */
interface Posture {
  readonly forward?: number;
  readonly out?: number;
  readonly heel?: number;
  readonly toesOut?: number;
  readonly kneeOut?: number;
}

function drawKnees({ subject, dice }: Situation): { together: Posture; apart: Posture } {
  const { size, vigour } = subject;
  const wide = dice.uniform(9, 18) * vigour;
  const narrow = dice.uniform(2, 7);
  const [feetOut, feetIn] = [dice.uniform(0, 0.1) * size.shin, dice.uniform(0, 0.06) * size.shin];
  return {
    together: { kneeOut: -narrow, out: -feetIn, toesOut: -dice.uniform(0, 6) },
    apart: { kneeOut: wide, out: feetOut, toesOut: dice.uniform(0, 10) },
  };
}

/**
 * Legs change from one posture, which stands before the act, to another, which is left after it. A foot that goes
 * somewhere else is lifted a little.
 */
function change(
  { subject, durationSeconds, legs, dice }: Situation,
  postures: (dice: Dice) => readonly [from: Posture, to: Posture],
  overSeconds: number,
): Performance {
  const over = (overSeconds * dice.uniform(0.8, 1.25)) / subject.tempo;
  const stages = drawStages(dice.fork('stages'), durationSeconds, over);
  const steps = dice.uniform(0.01, 0.05) * subject.size.shin;
  const changing = legs.map((side) => {
    const own = dice.fork(side);
    const [from, to] = postures(own);
    return { side, from, to, sway: drawDrift(own, 1.8) };
  });
  return {
    move(controls, now) {
      const done = stages.done(now.seconds);
      const alive = plateau(now, 0.5);
      for (const { side, from, to, sway } of changing) {
        const leg = controls.legs[side];
        adopt(leg, from, now.presence * (1 - done));
        adopt(leg, to, now.presence * done);
        leg.kneeOut += 0.7 * alive * sway(now.seconds);
        if (from.forward !== to.forward) leg.foot.up += steps * stages.moving(now.seconds);
      }
    },
  };
}

function adopt(leg: LegControls, { forward = 0, out = 0, heel = 0, toesOut = 0, kneeOut = 0 }: Posture, share: number) {
  leg.foot.forward += forward * share;
  leg.foot.out += out * share;
  leg.heel += heel * share;
  leg.toesOut += toesOut * share;
  leg.kneeOut += kneeOut * share;
}

/**
 * A leg goes over the other, is held there and goes back. Where there is no time for both ways the act is the way there,
 * and the leg stays.
 */
function folding({ subject, durationSeconds, dice }: Situation, how: 'cross' | 'curl'): Performance {
  const over: Side = dice.oneOf(sides);
  const seconds = dice.uniform(0.8, 1.2) / subject.tempo;
  const stays = durationSeconds < 1.8 * seconds;
  const bobs = drawBeats(dice, { durationSeconds, hertz: dice.uniform(0.9, 1.8), bout: [1, 4], pause: [0.8, 3] });
  const [bob, sway] = [dice.uniform(4, 22), drawDrift(dice, 3)];
  return {
    move(controls, now) {
      const leg = controls.legs[over];
      const folded = stays ? now.presence * step(unhurried(now, 0.9), Number.POSITIVE_INFINITY) : plateau(now, seconds);
      leg[how] += folded;
      // The foot hangs in the air and is seldom still.
      if (!stays) leg.heel += folded * (2.5 * sway(now.seconds) - bob * bobs.oneWay(now.seconds));
    },
  };
}
