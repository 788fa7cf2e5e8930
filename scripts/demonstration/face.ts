import { dot, type Frame, minus, unit, type Vector } from '../../packages/microaction/src/synthesis/body/vector.ts';
import { blend, type Colour, colour } from './solids.ts';

const skin = colour('#d9a17c');
const blush = colour('#d98a70');
const white = colour('#f4efe8');
const iris = colour('#4a3426');
const lash = colour('#2a1c16');
const brow = colour('#3a2820');
const lip = colour('#b9665a');

/**
 * The colour of the face by place in the world.
 *
 * @param eyelids - 0 open, 1 shut
 * @param looksAt - what the eyes are on
 */
export function faceColour(head: Frame, eyelids: number, looksAt: Vector) {
  const gaze = unit(minus(looksAt, head.origin));
  const gazeX = Math.max(-0.005, Math.min(0.005, 0.012 * dot(gaze, head.left)));
  const gazeY = Math.max(-0.002, Math.min(0.002, 0.008 * dot(gaze, head.up)));
  return (worldX: number, worldY: number, worldZ: number): Colour => {
    const offset: Vector = [worldX - head.origin[0], worldY - head.origin[1], worldZ - head.origin[2]];
    if (dot(offset, head.front) < 0.02) return skin;
    const x = dot(offset, head.left);
    const y = dot(offset, head.up);
    const side = Math.abs(x);
    let result = blend(skin, blush, 0.45 * bell((side - 0.043) / 0.02, (y + 0.03) / 0.017));
    result = blend(result, blush, 0.35 * bell(x / 0.014, (y + 0.018) / 0.012));
    // Brows: an arc that thins outwards.
    const along = (side - 0.033) / 0.02;
    const arch = y - 0.037 - 0.004 * (1 - along * along) + 0.002 * along;
    result = blend(
      result,
      brow,
      0.9 * within(1 - Math.abs(along), 0.12) * within(0.0034 - 0.0012 * along - Math.abs(arch), 0.001),
    );
    // Eyes: an almond, the iris in it, a dark line of lashes over it.
    const u = (side - 0.032) / 0.0165;
    const almond = Math.max(0, 1 - u * u);
    const top = 0.0125 + (0.0088 * (1 - eyelids) - 0.004 * eyelids) * almond;
    const bottom = 0.0125 - 0.0065 * almond;
    const inEye = within(Math.min(top - y, y - bottom), 0.0008) * within(1 - Math.abs(u), 0.05);
    const eyeX = x - Math.sign(x) * 0.032 - gazeX;
    const eyeY = y - 0.0135 - gazeY;
    const fromPupil = Math.hypot(eyeX, eyeY);
    let ball = blend(white, iris, within(0.0075 - fromPupil, 0.0008));
    ball = blend(ball, lash, within(0.0034 - fromPupil, 0.0008));
    ball = blend(ball, white, within(0.0016 - Math.hypot(eyeX + 0.0025, eyeY - 0.003), 0.0006));
    result = blend(result, ball, inEye);
    result = blend(result, lash, 0.9 * within(0.0016 - Math.abs(y - top), 0.0008) * within(1.08 - Math.abs(u), 0.08));
    // Mouth: lips about a line that smiles a little.
    const v = x / 0.025;
    const line = -0.0605 + 0.004 * v * v;
    const full = Math.max(0, 1 - v * v);
    const above = y - line;
    const lips = Math.min(0.0048 * full - above, above + 0.0075 * full);
    result = blend(result, lip, 0.75 * within(lips, 0.0012) * within(1 - Math.abs(v), 0.06));
    return blend(result, lash, 0.55 * within(0.0011 - Math.abs(above), 0.0008) * within(1.05 - Math.abs(v), 0.06));
  };
}

// ---- below: internals ----

const bell = (u: number, v: number) => Math.exp(-u * u - v * v);

/** 1 where `inside` is above 0, 0 below, soft over `edge`. */
const within = (inside: number, edge: number) => Math.min(1, Math.max(0, 0.5 + inside / edge / 2));
