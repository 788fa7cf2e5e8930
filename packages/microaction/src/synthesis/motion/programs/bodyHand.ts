import { type Curls, evenCurls } from '../../body/hand.ts';
import { contact, type Manner, passing } from '../contact.ts';
import { onHips, onNeck, onTrunk, type Spot } from '../places.ts';
import type { Program } from '../program.ts';

/** Hand reaches the neck: its side, its nape or the throat. */
const touchingNeck: Program = (situation) => {
  const spot = situation.dice.weighted<Spot>([
    [neck.side, 3],
    [neck.nape, 3],
    [neck.throat, 2],
  ]);
  const far = spot === neck.nape;
  const lift = far ? passing(0.8, 0.15) : passing(0.14);
  return contact(situation, { hold: onNeck(spot), manners: itches, lift, reachSeconds: far ? 0.75 : 0.6 });
};

/** Hand reaches the front of the upper trunk. */
const touchingChest: Program = (situation) =>
  contact(situation, { hold: onTrunk(situation.dice.oneOf(chest)), manners: itches, lift: passing(0) });

/** Hand reaches the back of the trunk: over the own shoulder, or from below behind the flank. */
const touchingBack: Program = (situation) => {
  const spot = situation.dice.weighted<Spot>([
    [back.upper, 1],
    [back.lower, 2],
  ]);
  const lift = spot === back.upper ? passing(0.6, 0.5) : passing(0.55, 0.1);
  return contact(situation, { hold: onTrunk(spot), manners: itches, lift, reachSeconds: 0.8 });
};

/** Hand reaches the other shoulder or its own. */
const touchingShoulder: Program = (situation) => {
  const spot = situation.dice.weighted<Spot>([
    [shoulder.other, 2],
    [shoulder.own, 1],
  ]);
  return contact(situation, { hold: onTrunk(spot), manners: itches, lift: passing(0) });
};

/** One or both hands on the hips, the elbows out. */
const akimbo: Program = (situation) =>
  contact(situation, {
    hold: onHips(situation.dice.oneOf(hips)),
    manners: [['rest', 1]],
    lift: passing(0.5),
    reachSeconds: 0.7,
  });

/** Arms cross over the chest, the hand of the upper one on the other arm, that of the lower one under the upper. */
const crossingArms: Program = (situation) => {
  const over = situation.dice.oneOf(situation.arms);
  return contact(situation, {
    hold: (standing, side) => onTrunk(side === over ? crossed.over : crossed.under)(standing, side),
    manners: [['rest', 1]],
    lift: (side, size) => passing(0, side === over ? 0.55 : 0.2)(side, size),
    reachSeconds: 0.75,
  });
};

export const bodyHandPrograms: Readonly<Record<string, Program>> = {
  'scratching or touching neck': touchingNeck,
  'scratching or touching chest': touchingChest,
  'scratching or touching back': touchingBack,
  'scratching or touching shoulder': touchingShoulder,
  'arms akimbo': akimbo,
  'crossing arms': crossingArms,
};

// ---- below: internals ----

const itches: readonly (readonly [Manner, number])[] = [
  ['scratch', 3],
  ['rub', 2],
  ['rest', 2],
];

const loose: Curls = [0.2, 0.2, 0.24, 0.3, 0.36];

const neck: Record<'side' | 'nape' | 'throat', Spot> = {
  side: {
    at: [0.28, 0.12, 0.02],
    part: 'fingertips',
    fingers: [-0.1, 0.4, -0.9],
    palm: [-1, -0.2, 0],
    elbow: [0.5, -1, 0.4],
    curls: loose,
  },
  nape: {
    at: [0.08, 0.18, -0.3],
    part: 'fingertips',
    fingers: [-0.65, 0.1, -0.8],
    palm: [-0.8, -0.1, 0.6],
    elbow: [0.4, -0.6, 1],
    curls: loose,
  },
  throat: {
    at: [-0.03, 0.03, 0.28],
    part: 'fingertips',
    fingers: [-0.9, 0.3, -0.15],
    palm: [-0.2, 0, -1],
    elbow: [0.6, -0.9, 0.2],
    curls: loose,
  },
};

const chest: readonly Spot[] = [
  {
    at: [-0.2, 0.62, 1.05],
    part: 'fingertips',
    fingers: [-0.85, 0.4, -0.1],
    palm: [0, 0, -1],
    elbow: [0.6, -0.8, 0.1],
    curls: loose,
  },
  {
    at: [0.05, 0.6, 1.1],
    part: 'palm',
    fingers: [-0.85, 0.4, -0.05],
    palm: [0, 0, -1],
    elbow: [0.6, -0.8, 0.1],
    curls: evenCurls(0.15),
  },
];

const back: Record<'upper' | 'lower', Spot> = {
  upper: {
    at: [0.5, 0.96, -0.95],
    part: 'fingertips',
    fingers: [-0.1, -0.6, -0.8],
    palm: [0, -0.6, 0.8],
    elbow: [0.6, 0.1, 1],
    curls: loose,
  },
  lower: {
    at: [0.36, 0.03, -1.18],
    part: 'fingertips',
    fingers: [-1, 0, -0.15],
    palm: [0, 0, -1],
    elbow: [0.7, -0.4, -0.6],
    curls: loose,
  },
};

const shoulder: Record<'other' | 'own', Spot> = {
  other: {
    at: [-0.85, 1, 0.3],
    part: 'fingertips',
    fingers: [-0.6, 0.3, -0.7],
    palm: [0.1, -0.9, -0.4],
    elbow: [0.3, -1, 0.5],
    curls: loose,
  },
  own: {
    at: [0.8, 1.03, 0.2],
    part: 'fingertips',
    fingers: [-0.15, 0.35, -0.9],
    palm: [0, -1, -0.3],
    elbow: [0.6, -0.6, 0.5],
    curls: loose,
  },
};

const hips: readonly Spot[] = [
  {
    at: [1.06, 0.78, -0.05],
    part: 'palm',
    fingers: [-0.25, -0.5, 0.8],
    palm: [-0.9, -0.3, -0.2],
    elbow: [1, 0, -0.5],
    curls: evenCurls(0.25),
  },
  {
    at: [1, 0.8, 0],
    part: 'knuckles',
    fingers: [-0.6, -0.5, 0.3],
    palm: [0, -0.9, -0.6],
    elbow: [1, 0, -0.4],
    curls: evenCurls(0.8),
  },
];

const crossed: Record<'over' | 'under', Spot> = {
  over: {
    at: [-1.02, 0.4, 0.95],
    part: 'palm',
    fingers: [-0.8, 0.15, -0.6],
    palm: [0.5, 0, -1],
    elbow: [0.5, -0.9, 0.1],
    curls: evenCurls(0.2),
  },
  under: {
    at: [-0.8, 0.36, 0.75],
    part: 'palm',
    fingers: [-0.85, 0.2, -0.5],
    palm: [0, 0, -1],
    elbow: [0.5, -0.9, 0.1],
    curls: evenCurls(0.2),
  },
};
