import type { Dice } from '../../../dice.ts';
import { sides } from '../../body/limbs.ts';
import { drawBeats } from '../beats.ts';
import { plateau, smooth } from '../moment.ts';
import type { Program } from '../program.ts';
import { drawStages } from '../stages.ts';

/** Trunk sways from side to side. */
const shakingBody: Program = ({ subject, durationSeconds, dice }) => {
  const degrees = eitherSide(dice) * dice.uniform(3.5, 7) * subject.vigour;
  const beats = drawBeats(dice, { durationSeconds, hertz: dice.uniform(0.45, 1) * subject.tempo });
  const twist = dice.normal(0, 0.15);
  const weight = dice.uniform(0, 0.012) * subject.size.hipHalf;
  return {
    move({ trunk, pelvis }, { seconds }) {
      const roll = degrees * beats.toAndFro(seconds);
      trunk.roll += roll;
      trunk.yaw += twist * roll;
      pelvis.left += weight * roll;
    },
  };
};

/** Back straightens from a slouch, in one go or, when there is time, in several. */
const sittingStraightly: Program = ({ subject, durationSeconds, dice }) => {
  const slouched = dice.uniform(20, 30) * Math.sqrt(subject.vigour);
  const upright = dice.uniform(0, 3);
  const lean = dice.uniform(0, 4);
  const slid = dice.uniform(0.2, 0.6) * subject.size.hipHalf;
  const chestOut = dice.uniform(0.01, 0.02);
  const straightening = drawStages(dice, durationSeconds, dice.uniform(0.6, 1.1) / subject.tempo);
  return {
    move(controls, { seconds, presence }) {
      const done = straightening.done(seconds);
      controls.slouch += presence * (slouched + (upright - slouched) * done - controls.slouch);
      controls.trunk.pitch += presence * lean * (1 - 2 * done);
      controls.pelvis.forward += presence * slid * (1 - done);
      for (const side of sides) controls.shoulders[side].forward += presence * chestOut * (1 - 2 * done);
    },
  };
};

/** Shoulders alone rise or roll, trunk still. */
const shrugging: Program = ({ subject, durationSeconds, dice }) => {
  const metres = dice.uniform(0.15, 0.23) * subject.vigour * subject.size.upperTrunk;
  const share = { left: dice.uniform(0.75, 1), right: dice.uniform(0.75, 1) };
  if (dice.chance(0.15)) share[dice.oneOf(sides)] *= 0.3;
  const rolls = dice.chance(0.35);
  const hold = { rise: dice.uniform(0.2, 0.4) / subject.tempo, fall: dice.uniform(0.25, 0.5) / subject.tempo };
  const beats = drawBeats(dice, {
    durationSeconds,
    hertz: dice.uniform(0.6, 1.1) * subject.tempo,
    bout: rolls ? [2, 4] : [1, 3],
    pause: [0.2, 0.7],
  });
  const held = durationSeconds < 1.8 && !rolls;
  return {
    move({ shoulders }, now) {
      const up = held ? plateau(now, hold.rise, hold.fall) : beats.oneWay(now.seconds);
      const forward = rolls ? 0.5 * beats.toAndFro(now.seconds) : 0;
      for (const side of sides) {
        shoulders[side].up += metres * share[side] * up;
        shoulders[side].forward += metres * share[side] * forward;
      }
    },
  };
};

/** Trunk rotates, the person faces elsewhere. */
const turningAround: Program = ({ subject, durationSeconds, dice }) => {
  const rise = dice.uniform(0.5, 1) / subject.tempo;
  const back = rise * dice.uniform(0.8, 1.1);
  const furthest = 70 * Math.min(rise, durationSeconds / 2);
  const degrees = eitherSide(dice) * Math.min(furthest, dice.uniform(24, 42) * subject.vigour);
  const faceBeyond = dice.uniform(0.4, 0.9);
  const lean = dice.normal(0, 0.1);
  return {
    move({ trunk, head, face }, now) {
      const turn = degrees * plateau(now, rise, back);
      // Eyes and head go first.
      const look = degrees * plateau(now, 0.7 * rise, back);
      trunk.yaw += turn;
      trunk.roll += lean * turn;
      head.yaw += faceBeyond * look;
      face.gazeYaw += 0.3 * look;
    },
  };
};

/** Gathers to stand from the seat: feet go under it, trunk forward, and the seat is left by a little or half way. */
const risingUp: Program = ({ subject, durationSeconds, dice }) => {
  const { size, vigour, tempo } = subject;
  const pitch = dice.uniform(20, 30);
  const lift = dice.uniform(0.12, 0.5) * vigour * size.thigh;
  const tuck = dice.uniform(0.15, 0.45) * size.foot;
  const heel = dice.uniform(4, 14);
  // Who does not stand up at once tries again.
  const attempts = drawBeats(dice, { durationSeconds, hertz: dice.uniform(0.28, 0.5) * tempo });
  return {
    move({ pelvis, trunk, head, legs }, now) {
      const gathered = attempts.oneWay(now.seconds);
      const risen = smooth((gathered - 0.2) / 0.8);
      trunk.pitch += pitch * gathered;
      head.pitch -= 0.3 * pitch * gathered;
      pelvis.up += lift * risen;
      pelvis.forward += 0.35 * lift * risen;
      const tucked = plateau(now, 0.5);
      for (const side of sides) {
        legs[side].foot.forward -= tuck * tucked;
        legs[side].heel += heel * tucked;
      }
    },
  };
};

export const bodyPrograms: Readonly<Record<string, Program>> = {
  'shaking body': shakingBody,
  'sitting straightly': sittingStraightly,
  shrugging,
  'turning around': turningAround,
  'rising up': risingUp,
};

// ---- below: internals ----

function eitherSide(dice: Dice): number {
  return dice.chance(0.5) ? 1 : -1;
}
