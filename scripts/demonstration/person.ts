import {
  cross,
  type Frame,
  minus,
  mix,
  place,
  plus,
  times,
  turned,
  unit,
  type Vector,
  world,
} from '../../packages/microaction/src/synthesis/body/vector.ts';
import { faceColour } from './face.ts';
import { type Arm, type Leg, noseTip, type Skeleton } from './figure.ts';
import { colour, ellipsoid, limb, type Paint, type Shadow, type Shape, type Solid } from './solids.ts';

const skin: Paint = { colour: colour('#d9a17c'), gloss: 0.12, softness: 0.45 };
const hair: Paint = { colour: colour('#3b2a20'), gloss: 0.3, softness: 0.3 };
const sweater: Paint = { colour: colour('#2f7f86'), gloss: 0, softness: 0.3 };
const ribbing: Paint = { colour: colour('#286d74'), gloss: 0, softness: 0.3 };
const shirt: Paint = { colour: colour('#f3f0e8'), gloss: 0, softness: 0.3 };
const trousers: Paint = { colour: colour('#a89b86'), gloss: 0, softness: 0.25 };
const sock: Paint = { colour: colour('#d9a441'), gloss: 0, softness: 0.3 };
const leather: Paint = { colour: colour('#6b4a36'), gloss: 0.35, softness: 0.2 };
const sole: Paint = { colour: colour('#efe9dd'), gloss: 0, softness: 0.2 };

/**
 * Flesh, hair and clothes about the bones.
 *
 * @param looksAt - what the eyes are on
 */
export function personOf(skeleton: Skeleton, eyelids: number, looksAt: Vector): Solid[] {
  return [
    trunk(skeleton),
    neck(skeleton),
    ...headOf(skeleton.head, eyelids, looksAt),
    ...skeleton.arms.flatMap((arm) => [sleeve(arm), hand(arm)]),
    legsOf(skeleton),
    ...skeleton.legs.flatMap(foot),
  ];
}

export function shadowsOf({ legs }: Skeleton): Shadow[] {
  return legs.flatMap(({ heel, ball, toe }) => [
    { x: heel[0] + 0.015, z: heel[2], radius: 0.06 + 0.5 * heel[1], strength: 0.55 - 3 * heel[1] },
    { x: mix(ball, toe, 0.4)[0] + 0.015, z: mix(ball, toe, 0.4)[2], radius: 0.075, strength: 0.55 },
  ]);
}

// ---- below: internals ----

const at = (frame: Frame, x: number, y: number, z: number): Frame => ({ ...frame, origin: place(frame, [x, y, z]) });

function trunk({ pelvis, chest }: Skeleton): Solid {
  const shoulder = (side: number): Vector => place(chest, [side * 0.14, 0.262, -0.005]);
  return {
    melt: 0.07,
    shapes: [
      ellipsoid(ribbing, at(pelvis, 0, 0.0, 0.005), [0.15, 0.065, 0.118]),
      ellipsoid(sweater, at(pelvis, 0, 0.1, 0.005), [0.147, 0.15, 0.112]),
      ellipsoid(sweater, at(chest, 0, 0.1, 0.002), [0.147, 0.19, 0.106]),
      limb(sweater, shoulder(-1), shoulder(1), 0.058),
      ...[-1, 1].map((side) => limb(sweater, place(chest, [side * 0.03, 0.31, -0.02]), shoulder(side), 0.036, 0.05)),
    ],
  };
}

function neck({ chest, head }: Skeleton): Solid {
  const tilted = turned({ ...world, origin: place(chest, [0, 0.326, 0.004]) }, [0, 0, 0], { pitch: 14 });
  return {
    melt: 0.006,
    shapes: [
      limb(skin, place(chest, [0, 0.27, 0]), place(head, [0, -0.05, -0.02]), 0.053, 0.05),
      ellipsoid(shirt, tilted, [0.066, 0.017, 0.066]),
      ellipsoid(ribbing, at(tilted, 0, -0.012, 0), [0.079, 0.02, 0.079]),
    ],
  };
}

function headOf(head: Frame, eyelids: number, looksAt: Vector): Solid[] {
  const face: Paint = { ...skin, colourAt: faceColour(head, eyelids, looksAt) };
  return [
    {
      melt: 0.03,
      shapes: [
        ellipsoid(face, at(head, 0, 0.02, -0.006), [0.078, 0.105, 0.093]),
        ellipsoid(face, at(head, 0, -0.05, 0.024), [0.058, 0.066, 0.064]),
        limb(face, place(head, [0, 0.014, 0.083]), place(head, plus(noseTip, [0, 0, -0.014])), 0.007, 0.0125),
        ...[-1, 1].map((side) => ellipsoid(skin, at(head, side * 0.08, -0.004, -0.006), [0.012, 0.028, 0.018])),
      ],
    },
    {
      melt: 0.03,
      shapes: [
        ellipsoid(hair, at(head, 0, 0.05, -0.026), [0.09, 0.095, 0.097]),
        ellipsoid(hair, at(head, 0, -0.005, -0.055), [0.082, 0.085, 0.06]),
        ellipsoid(hair, at(turned(head, [0.03, 0.105, 0.045], { roll: 18 }), 0, 0, 0), [0.062, 0.03, 0.05]),
        ellipsoid(hair, at(turned(head, [-0.045, 0.1, 0.035], { roll: -35 }), 0, 0, 0), [0.045, 0.026, 0.05]),
        ...[-1, 1].map((side) => ellipsoid(hair, at(head, side * 0.077, 0.035, 0.012), [0.012, 0.032, 0.022])),
      ],
    },
  ];
}

function sleeve({ shoulder, elbow, wrist }: Arm): Solid {
  const cuff = mix(elbow, wrist, 0.5);
  return {
    melt: 0.02,
    shapes: [
      limb(sweater, shoulder, elbow, 0.058, 0.046),
      limb(sweater, elbow, cuff, 0.046, 0.041),
      limb(ribbing, cuff, mix(elbow, wrist, 0.62), 0.0425, 0.041),
    ],
  };
}

function hand({ hand: palm, wrist, elbow, side, pointing }: Arm): Solid {
  const inwards = -side; // the thumb's side, along the palm's left
  const fingers = [
    { across: 0.027, length: 0.074, bends: pointing },
    { across: 0.009, length: 0.08, bends: 0 },
    { across: -0.009, length: 0.075, bends: 0 },
    { across: -0.026, length: 0.06, bends: 0 },
  ].flatMap(({ across, length, bends }, i): Shape[] => {
    const curl = i === 0 ? 24 * (1 - bends) + 4 : 26 + 62 * pointing;
    const base = place(palm, [inwards * across, 0.04, 0]);
    const knuckle = turned(palm, [0, 0, 0], { pitch: curl });
    const middle = plus(base, times(knuckle.up, length * 0.52));
    const end = turned(palm, [0, 0, 0], { pitch: 2.2 * curl });
    const tip = plus(middle, times(end.up, length * 0.48));
    return [limb(skin, base, middle, 0.0105, 0.0095), limb(skin, middle, tip, 0.0095, 0.008)];
  });
  const root = place(palm, [inwards * 0.022, -0.022, 0.006]);
  const joint = place(palm, [inwards * 0.05, 0.012, 0.014]);
  return {
    melt: 0.008,
    shapes: [
      limb(skin, mix(elbow, wrist, 0.4), wrist, 0.038, 0.025),
      limb(skin, wrist, place(palm, [0, -0.02, 0]), 0.025, 0.022),
      ellipsoid(skin, palm, [0.039, 0.05, 0.0175]),
      limb(skin, root, joint, 0.015, 0.012),
      limb(skin, joint, place(palm, [inwards * 0.054, 0.046, 0.016]), 0.012, 0.009),
      ...fingers,
    ],
  };
}

function legsOf({ pelvis, legs }: Skeleton): Solid {
  return {
    melt: 0.025,
    shapes: [
      ellipsoid(trousers, at(pelvis, 0, -0.02, 0.01), [0.165, 0.085, 0.125]),
      ...legs.flatMap(({ hip, knee, ankle }) => [
        limb(trousers, hip, knee, 0.088, 0.062),
        limb(trousers, knee, mix(knee, ankle, 0.86), 0.061, 0.048),
      ]),
    ],
  };
}

function foot({ knee, ankle, heel, ball, toe }: Leg): Solid[] {
  const up = unit(cross(unit(minus(ball, heel)), unit(cross([0, 1, 0], minus(ball, heel)))));
  const raised = (p: Vector, metres: number): Vector => plus(p, times(up, metres));
  return [
    { melt: 0.01, shapes: [limb(sock, mix(knee, ankle, 0.8), ankle, 0.036, 0.036)] },
    {
      melt: 0.03,
      shapes: [
        limb(leather, raised(heel, 0.032), raised(ball, 0.012), 0.034, 0.037),
        limb(leather, raised(ball, 0.012), plus(toe, [0, 0.008, 0]), 0.037, 0.03),
        limb(leather, raised(heel, 0.06), mix(raised(heel, 0.05), ball, 0.4), 0.032, 0.034),
      ],
    },
    {
      melt: 0.01,
      shapes: [
        limb(sole, raised(heel, 0.004), raised(ball, -0.006), 0.034, 0.0375),
        limb(sole, raised(ball, -0.006), plus(toe, [0, -0.01, 0.001]), 0.0375, 0.031),
      ],
    },
  ];
}
