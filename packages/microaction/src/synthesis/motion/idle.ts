import type { Dice } from '../../dice.ts';
import type { Controls } from '../body/controls.ts';
import { sides } from '../body/limbs.ts';
import { plus, type Vector } from '../body/vector.ts';
import type { Subject } from '../subject.ts';
import { drawDrift } from './drift.ts';
import type { Hands } from './hands.ts';
import { smooth } from './moment.ts';

/** What a body does while it does nothing: it breathes, sways, shifts its weight, looks about, blinks, talks. */
export interface Idle {
  move(controls: Controls, seconds: number): void;
  /** Hands that lie still never lie quite still. */
  stir(hands: Hands, seconds: number): void;
}

export function drawIdle(dice: Dice, subject: Subject, durationSeconds: number): Idle {
  const much = subject.restlessness;
  const breath = { hertz: dice.uniform(0.2, 0.33), metres: dice.uniform(0.004, 0.009), phase: dice.uniform(0, 7) };
  const drift = (name: string, period: number) => drawDrift(dice.fork(name), period);
  const [swayRoll, swayPitch, swayYaw] = [drift('roll', 6), drift('pitch', 7), drift('yaw', 9)];
  const [headYaw, headPitch, headRoll] = [drift('head yaw', 5), drift('head pitch', 5), drift('head roll', 6)];
  const legs = { left: drift('left leg', 8), right: drift('right leg', 8) };
  const wander = { left: drawWander(dice.fork('left hand')), right: drawWander(dice.fork('right hand')) };
  const curl = { left: drift('left fingers', 3), right: drift('right fingers', 3) };
  const shifts = drawShifts(dice.fork('shifts'), durationSeconds, much);
  const face = drawFace(dice.fork('face'), durationSeconds);
  return {
    move(controls, seconds) {
      const phase = 2 * Math.PI * breath.hertz * seconds + breath.phase;
      const full = (1 + Math.sin(phase)) / 2;
      controls.breath += breath.metres * full;
      for (const side of sides) controls.shoulders[side].up += 0.25 * breath.metres * full;
      controls.trunk.roll += 0.35 * much * swayRoll(seconds);
      controls.trunk.pitch += 0.4 * much * swayPitch(seconds);
      controls.trunk.yaw += 0.5 * much * swayYaw(seconds);
      controls.head.yaw += 0.9 * much * headYaw(seconds);
      controls.head.pitch += 0.7 * much * headPitch(seconds);
      controls.head.roll += 0.6 * much * headRoll(seconds);
      for (const side of sides) controls.legs[side].kneeOut += 0.35 * much * legs[side](seconds);
      for (const { at, overSeconds, left, forward, roll, kneesOut } of shifts) {
        const done = smooth((seconds - at) / overSeconds);
        controls.pelvis.left += left * done;
        controls.pelvis.forward += forward * done;
        controls.trunk.roll += roll * done;
        for (const side of sides) controls.legs[side].kneeOut += kneesOut * done;
      }
      face(controls, seconds);
    },
    stir(hands, seconds) {
      for (const side of sides) {
        const pose = hands[side];
        const bent = 0.02 * much * curl[side](seconds);
        const [thumb, index, middle, ring, little] = pose.curls;
        hands[side] = {
          ...pose,
          wrist: plus(pose.wrist, wander[side](seconds, 0.0015 * much)),
          curls: [thumb + bent, index + bent, middle + 0.8 * bent, ring + 0.7 * bent, little + 0.7 * bent],
        };
      }
    },
  };
}

// ---- below: internals ----

function drawWander(dice: Dice): (seconds: number, metres: number) => Vector {
  const [x, y, z] = [drawDrift(dice, 5), drawDrift(dice, 6), drawDrift(dice, 7)];
  return (seconds, metres) => [metres * x(seconds), 0.5 * metres * y(seconds), metres * z(seconds)];
}

/** Now and then the weight is shifted, by too little to be told as an action. */
function drawShifts(dice: Dice, durationSeconds: number, restlessness: number) {
  const shifts = [];
  for (let at = dice.uniform(-4, 8); at < durationSeconds; at += dice.uniform(4, 14) / restlessness) {
    shifts.push({
      at,
      overSeconds: dice.uniform(0.9, 1.8),
      left: dice.normal(0, 0.006),
      forward: dice.normal(0, 0.006),
      roll: dice.normal(0, 0.6),
      kneesOut: dice.normal(0, 0.8),
    });
  }
  return shifts;
}

/** Blinks, glances, and now and then speech. */
function drawFace(dice: Dice, durationSeconds: number): (controls: Controls, seconds: number) => void {
  const blinks: number[] = [];
  for (let at = dice.uniform(0, 3); at < durationSeconds; at += dice.uniform(1.8, 5.5)) blinks.push(at);
  const glances: { at: number; yaw: number; pitch: number }[] = [{ at: Number.NEGATIVE_INFINITY, yaw: 0, pitch: 0 }];
  for (let at = dice.uniform(0, 3); at < durationSeconds; at += dice.uniform(0.6, 3)) {
    glances.push({ at, yaw: dice.normal(0, 7), pitch: dice.normal(2, 4) });
  }
  const speaks = dice.chance(0.6);
  const begin = dice.uniform(-5, durationSeconds);
  const end = begin + dice.uniform(2, 9);
  const lips = drawDrift(dice, 0.45);
  return (controls, seconds) => {
    const { face } = controls;
    for (const at of blinks) face.eyelids += Math.max(0, 1 - Math.abs(seconds - at - 0.1) / 0.1);
    const glance = glances.findLast(({ at }) => at <= seconds)!;
    face.gazeYaw += glance.yaw;
    face.gazePitch += glance.pitch;
    const voice = speaks ? smooth((seconds - begin) / 0.3) * smooth((end - seconds) / 0.3) : 0;
    face.mouth += voice * Math.max(0, Math.min(1, 0.4 + 0.4 * lips(seconds)));
  };
}
