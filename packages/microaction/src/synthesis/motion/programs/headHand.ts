import { type Curls, evenCurls, pointingCurls } from '../../body/hand.ts';
import { contact, type Manner, passing } from '../contact.ts';
import { plateau } from '../moment.ts';
import { onHead, type Spot } from '../places.ts';
import type { Program, Situation } from '../program.ts';

/** Hand adjusts hair at the side or top of the head, a fringe, or hanging hair. */
const tidyingHair: Program = (situation) => {
  const { dice, subject } = situation;
  const { style, fringe } = subject.look.hair;
  const spot = dice.weighted<Spot>([
    [hair.side, 3],
    [hair.top, 2],
    [hair.fringe, fringe ? 2 : 0],
    [hair.hanging, style === 'long' ? 4 : 0],
  ]);
  const manners = [
    ['stroke', 4],
    ['rub', 2],
  ] as const;
  return { ...atHead(situation, spot, manners), needsHair: true };
};

/** Hand reaches the back of the head. */
const touchingHindbrain: Program = (situation) => atHead(situation, hindbrain, itches);

/** Hand reaches the forehead. */
const touchingForehead: Program = (situation) => atHead(situation, forehead, itches);

/** Hand reaches the cheek. */
const touchingFace: Program = (situation) => atHead(situation, situation.dice.oneOf(cheek), itches);

/** Fingers or knuckles rub at the eyes, which close. */
const rubbingEyes: Program = (situation) => {
  const performance = atHead(situation, situation.dice.oneOf(eye), [['rub', 1]]);
  return {
    ...performance,
    move({ face }, now) {
      face.eyelids = Math.max(face.eyelids, plateau(now, 0.6));
    },
  };
};

/** Hand at the nose. */
const touchingNose: Program = (situation) =>
  atHead(situation, nose, [
    ['rub', 2],
    ['rest', 1],
    ['scratch', 1],
  ]);

/** Hand touches or rubs an ear. */
const touchingEars: Program = (situation) =>
  atHead(situation, situation.dice.oneOf(ear), [
    ['rub', 2],
    ['rest', 1],
    ['scratch', 1],
  ]);

/** One or both hands cover the face. */
const coveringFace: Program = (situation) =>
  atHead(situation, situation.arms.length === 2 ? coveredByTwo : coveredByOne, [
    ['rest', 3],
    ['stroke', 1],
  ]);

/** Hand covers the mouth: flat, or a loose fist before it. */
const coveringMouth: Program = (situation) =>
  atHead(situation, situation.dice.oneOf(mouth), [
    ['rest', 4],
    ['rub', 1],
  ]);

/** A quick push at the bridge of the glasses or at their rim. */
const pushingGlasses: Program = (situation) => ({
  ...atHead(situation, situation.dice.oneOf(glasses), [['push', 1]], 0.45),
  needsGlasses: true,
});

export const headHandPrograms: Readonly<Record<string, Program>> = {
  'playing or tidying hair': tidyingHair,
  'scratching or touching hindbrain': touchingHindbrain,
  'scratching or touching forehead': touchingForehead,
  'scratching or touching face': touchingFace,
  'rubbing eyes': rubbingEyes,
  'touching nose': touchingNose,
  'touching ears': touchingEars,
  'covering face': coveringFace,
  'covering mouth': coveringMouth,
  'pushing glasses': pushingGlasses,
};

// ---- below: internals ----

const itches: readonly (readonly [Manner, number])[] = [
  ['scratch', 3],
  ['rub', 2],
  ['rest', 2],
];

function atHead(
  situation: Situation,
  spot: Spot,
  manners: readonly (readonly [Manner, number])[],
  reachSeconds?: number,
) {
  // Hands that go to the side or the back of the head pass at its side, others come from the front.
  const lift = passing(spot.at[2] < 0.25 ? 0.55 : 0.1, 0.28);
  // A nose and an eye are small.
  const amplitude = spot.at[2] > 0.35 ? 0.7 : 1;
  return contact(situation, { hold: onHead(spot), manners, reachSeconds, lift, amplitude });
}

const loose: Curls = [0.2, 0.2, 0.24, 0.3, 0.36];
const hooked: Curls = [0.4, 0.3, 0.5, 0.7, 0.75];
const elbowLow = [0.45, -0.9, 0.3] as const;
const elbowOut = [1, -0.1, 0.4] as const;

const hair: Record<'side' | 'top' | 'fringe' | 'hanging', Spot> = {
  side: {
    at: [0.32, 0.24, 0],
    part: 'fingertips',
    fingers: [-0.25, 0.75, -0.65],
    palm: [-1, 0, 0],
    elbow: [0.8, -0.6, 0.4],
    curls: loose,
  },
  top: {
    at: [0.12, 0.5, 0.02],
    part: 'fingertips',
    fingers: [-0.45, 0.4, -0.7],
    palm: [-0.1, -1, -0.1],
    elbow: elbowOut,
    curls: loose,
  },
  fringe: {
    at: [0.08, 0.42, 0.28],
    part: 'fingertips',
    fingers: [-0.85, 0.4, -0.35],
    palm: [-0.1, -0.6, -0.8],
    elbow: [0.9, -0.35, 0.4],
    curls: loose,
  },
  hanging: {
    at: [0.31, -0.45, 0.06],
    part: 'index',
    fingers: [-0.3, 0.8, -0.6],
    palm: [-0.8, 0, -0.3],
    elbow: [0.5, -1, 0.1],
    curls: hooked,
  },
};

const hindbrain: Spot = {
  at: [0.08, 0.06, -0.42],
  part: 'fingertips',
  fingers: [-0.9, 0.05, -0.35],
  palm: [-0.2, 0, 1],
  elbow: [1, -0.3, 0.35],
  curls: loose,
};
const forehead: Spot = {
  at: [0.02, 0.3, 0.36],
  part: 'fingertips',
  fingers: [-0.9, 0.35, -0.2],
  palm: [-0.1, -0.1, -1],
  elbow: [0.85, -0.5, 0.35],
  curls: loose,
};
const cheek: readonly Spot[] = [
  {
    at: [0.27, -0.15, 0.24],
    part: 'fingertips',
    fingers: [-0.1, 0.95, -0.15],
    palm: [-0.8, 0, -0.6],
    elbow: elbowLow,
    curls: loose,
  },
  {
    at: [0.27, -0.2, 0.23],
    part: 'index',
    fingers: [-0.1, 0.95, -0.2],
    palm: [-0.8, 0, -0.6],
    elbow: elbowLow,
    curls: hooked,
  },
];
const eye: readonly Spot[] = [
  {
    at: [0.14, 0, 0.36],
    part: 'index',
    fingers: [-0.3, 0.9, -0.15],
    palm: [-0.25, 0, -1],
    elbow: elbowLow,
    curls: hooked,
  },
  {
    at: [0.14, 0, 0.37],
    part: 'knuckles',
    fingers: [-0.5, 0.75, -0.1],
    palm: [-0.25, -0.2, -1],
    elbow: elbowLow,
    curls: evenCurls(0.75),
  },
];
const nose: Spot = {
  at: [0.02, -0.12, 0.49],
  part: 'index',
  fingers: [-0.4, 0.85, -0.2],
  palm: [-0.4, 0, -0.9],
  elbow: elbowLow,
  curls: hooked,
};
const ear: readonly Spot[] = [
  {
    at: [0.34, -0.08, -0.04],
    part: 'fingertips',
    fingers: [-0.45, 0.55, -0.8],
    palm: [-1, 0, 0.1],
    elbow: [0.6, -0.9, 0.3],
    curls: loose,
  },
  {
    at: [0.34, -0.15, -0.02],
    part: 'index',
    fingers: [-0.45, 0.65, -0.6],
    palm: [-0.9, 0, -0.2],
    elbow: [0.6, -0.9, 0.2],
    curls: hooked,
  },
];
const coveredByOne: Spot = {
  at: [0.02, -0.12, 0.52],
  part: 'palm',
  fingers: [-0.3, 0.95, -0.1],
  palm: [0, 0, -1],
  elbow: elbowLow,
  curls: evenCurls(0.12),
  spread: 0.3,
};
const coveredByTwo: Spot = {
  at: [0.17, -0.14, 0.46],
  part: 'palm',
  fingers: [-0.2, 0.95, -0.05],
  palm: [-0.35, 0, -1],
  elbow: elbowLow,
  curls: evenCurls(0.12),
  spread: 0.3,
};
const mouth: readonly Spot[] = [
  {
    at: [0, -0.3, 0.43],
    part: 'knuckles',
    fingers: [-0.85, 0.5, -0.15],
    palm: [-0.1, 0, -1],
    elbow: elbowLow,
    curls: evenCurls(0.12),
    spread: 0.1,
  },
  {
    at: [0.02, -0.3, 0.42],
    part: 'knuckles',
    fingers: [-0.6, 0.7, -0.1],
    palm: [-0.1, 0, -1],
    elbow: elbowLow,
    curls: [0.5, 0.6, 0.65, 0.7, 0.75],
  },
];
const glasses: readonly Spot[] = [
  {
    at: [0, 0, 0.43],
    part: 'index',
    fingers: [-0.4, 0.85, -0.35],
    palm: [-0.1, 0, -1],
    elbow: elbowLow,
    curls: pointingCurls,
  },
  {
    at: [0.26, 0, 0.27],
    part: 'index',
    fingers: [-0.2, 0.8, -0.4],
    palm: [-0.8, -0.1, -0.6],
    elbow: elbowLow,
    curls: [0.3, 0.2, 0.5, 0.6, 0.7],
  },
];
