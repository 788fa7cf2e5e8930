import { type BodyPoint, bodyPoints } from '../../pose/poseTrack.ts';
import { otherSide, type Side, sides } from '../body/limbs.ts';
import type { Proportions } from '../body/proportions.ts';
import { bodyPointJoints } from './bodyPointJoints.ts';
import { jointIndex } from './joints.ts';

/**
 * The joints that `hiddenPoints` looks at: first the 33 body points, then ends of what may stand before them.
 */
export const viewedJoints: Int32Array = Int32Array.from([
  ...bodyPointJoints,
  ...['pelvis', 'neck', 'head', 'crown', 'leftMiddleTip', 'rightMiddleTip'].map(jointIndex),
]);

/** Finds which points of one person something of their own body hides. Made once a person. */
export class Occlusion {
  /** Radius squared, and how far behind the middle a point must be, metres; by part. */
  readonly #radii: Float64Array;
  readonly #clearances: Float64Array;

  constructor({ girth, headHeight }: Proportions) {
    this.#radii = Float64Array.from(parts, ({ radius }) => radius({ girth, headHeight }));
    this.#clearances = Float64Array.from(parts, ({ clearance }) => clearance);
  }

  /**
   * @param across - [V] of `viewedJoints`: metres to the right of the camera's axis, a metre away from it
   * @param up - [V] the same, upwards
   * @param depth - [V] metres from the camera along its axis
   * @param yawSine - how far the head is turned away from the camera: its sine, positive towards the person's left
   * @param hidden - [33] becomes 1 where a point is hidden, 0 elsewhere
   */
  find(across: Float64Array, up: Float64Array, depth: Float64Array, yawSine: number, hidden: Uint8Array): void {
    hidden.fill(0);
    // The head turned to the left hides what is on its left.
    if (yawSine > earHides) hidden[leftEar] = 1;
    if (yawSine < -earHides) hidden[rightEar] = 1;
    if (yawSine > eyeHides) for (const point of leftEyes) hidden[point] = 1;
    if (yawSine < -eyeHides) for (const point of rightEyes) hidden[point] = 1;
    for (let pair = 0; pair < pairPoints.length; pair++) {
      const point = pairPoints[pair];
      if (hidden[point] === 1) continue;
      const part = pairParts[pair];
      const a = partFrom[part];
      const b = partTo[part];
      const alongX = across[b] - across[a];
      const alongY = up[b] - up[a];
      const fromX = across[point] - across[a];
      const fromY = up[point] - up[a];
      const share = (fromX * alongX + fromY * alongY) / (alongX * alongX + alongY * alongY + 1e-12);
      const nearest = Math.max(0, Math.min(1, share));
      const offX = fromX - nearest * alongX;
      const offY = fromY - nearest * alongY;
      const depthThere = depth[a] + nearest * (depth[b] - depth[a]);
      const radius = this.#radii[part] / depthThere;
      if (offX * offX + offY * offY < radius * radius && depth[point] > depthThere + this.#clearances[part]) {
        hidden[point] = 1;
      }
    }
  }
}

// ---- below: internals ----

/** Sines of the turns at which an ear and an eye go out of sight. */
const earHides = 0.36;
const eyeHides = 0.86;

/** A capsule between two viewed joints that may hide points. */
interface Part {
  readonly from: string;
  readonly to: string;
  readonly radius: (size: Pick<Proportions, 'girth' | 'headHeight'>) => number;
  readonly clearance: number;
  readonly hides: readonly BodyPoint[];
}

const named = (side: Side, ...names: readonly string[]) => names.map((name) => `${side}${name}` as BodyPoint);
const facePoints = bodyPoints.slice(0, 11);
const handPoints = (side: Side) => named(side, 'Wrist', 'Pinky', 'Index', 'Thumb');
const armPoints = (side: Side) => [...named(side, 'Elbow'), ...handPoints(side)];
const legPoints = (side: Side) => named(side, 'Knee', 'Ankle', 'Heel', 'FootIndex');
const shoulderPoints = sides.flatMap((side) => named(side, 'Shoulder'));

const hand = (side: Side) => ({ from: `${side}Wrist`, to: `${side}MiddleTip`, radius: () => 0.045 });

const parts: readonly Part[] = [
  {
    from: 'head',
    to: 'head',
    radius: ({ headHeight }) => 0.38 * headHeight,
    clearance: 0.03,
    hides: sides.flatMap(handPoints),
  },
  {
    from: 'pelvis',
    to: 'neck',
    radius: ({ girth }) => 0.16 * girth,
    clearance: 0.04,
    hides: sides.flatMap(armPoints),
  },
  ...sides.flatMap((side): Part[] => [
    {
      from: `${side}Elbow`,
      to: `${side}Wrist`,
      radius: ({ girth }) => 0.036 * girth,
      clearance: 0.03,
      hides: [...facePoints, ...shoulderPoints, ...armPoints(otherSide(side))],
    },
    {
      ...hand(side),
      clearance: 0.012,
      hides: [...shoulderPoints, ...armPoints(otherSide(side))],
    },
    {
      ...hand(side),
      clearance: -0.01, // it touches what it covers
      hides: facePoints,
    },
    {
      from: `${side}Hip`,
      to: `${side}Knee`,
      radius: ({ girth }) => 0.07 * girth,
      clearance: 0.05,
      hides: [...sides.flatMap(handPoints), ...legPoints(otherSide(side))],
    },
    {
      from: `${side}Knee`,
      to: `${side}Ankle`,
      radius: ({ girth }) => 0.05 * girth,
      clearance: 0.04,
      hides: legPoints(otherSide(side)),
    },
  ]),
];

const viewed = (joint: string) => viewedJoints.indexOf(jointIndex(joint));
const partFrom = Int32Array.from(parts, ({ from }) => viewed(from));
const partTo = Int32Array.from(parts, ({ to }) => viewed(to));
const pairs = parts.flatMap(({ hides }, part) => hides.map((point) => ({ part, point: bodyPoints.indexOf(point) })));
const pairParts = Int32Array.from(pairs, ({ part }) => part);
const pairPoints = Int32Array.from(pairs, ({ point }) => point);

const [leftEar, rightEar] = [bodyPoints.indexOf('leftEar'), bodyPoints.indexOf('rightEar')];
const [leftEyes, rightEyes] = sides.map((side) =>
  named(side, 'EyeInner', 'Eye', 'EyeOuter').map((point) => bodyPoints.indexOf(point)),
);
