import { type Leg, type Standing, sign } from '../../body/figure.ts';
import { type Curls, evenCurls } from '../../body/hand.ts';
import { shinRadius, thighRadius } from '../../body/legs.ts';
import { otherSide, type Side } from '../../body/limbs.ts';
import { across, dot, minus, mix, plus, times, unit, type Vector } from '../../body/vector.ts';
import { drawBeats } from '../beats.ts';
import { contact, type Hold, holding } from '../contact.ts';
import { plateau, unhurried } from '../moment.ts';
import type { Performance, Program, Situation } from '../program.ts';
import { onThigh } from '../seat.ts';

/** Hand comes down on its thigh from some centimetres above: once, or a few times one after the other. */
const pattingLegs: Program = ({ subject, durationSeconds, arms, dice }) => {
  const hertz = dice.uniform(1.7, 3) * subject.tempo;
  const together = dice.chance(0.6);
  const share = dice.uniform(0.5, 0.88);
  const pats = arms.map((side) => {
    const own = together ? dice.fork('both') : dice.fork(side);
    const beats = drawBeats(own, { durationSeconds, hertz, bout: [1, 5], pause: [0.4, 1.2] });
    return { side, beats, palms: own.uniform(0.75, 1.4) * subject.vigour };
  });
  return {
    reach(hands, standing, now) {
      const led = plateau(unhurried(now, 0.9), 0.25);
      if (led === 0) return;
      for (const { side, beats, palms } of pats) {
        // The hand falls faster than it rises to a stop.
        const raised = beats.oneWay(now.seconds) ** 0.7;
        const lying = onTop(standing, side, side, share);
        const off = times(lying.palm, -raised * palms * standing.size.palm);
        const fingers = plus(unit(lying.fingers), times(lying.palm, -0.55 * raised));
        hands.lead(side, holding(standing, side, { ...lying, at: plus(lying.at, off), fingers }), led, [0, 0.03, 0]);
      }
    },
  };
};

/** Hand lies on the thigh or the knee and rubs it. */
const touchingLegs: Program = (situation) => {
  const { arms, dice } = situation;
  const share = dice.weighted([
    [dice.uniform(0.45, 0.7), 3],
    [dice.uniform(0.7, 0.83), 2],
    [0.99, 2],
  ]);
  const outwards = dice.uniform(-0.5, 0.8);
  const across = arms.length === 1 && dice.chance(0.2);
  return contact(situation, {
    hold: (standing, side) => onTop(standing, side, across ? otherSide(side) : side, share, across ? 0 : outwards),
    manners: [
      ['stroke', 3],
      ['rub', 2],
    ],
    amplitude: share > 0.9 ? dice.uniform(0.9, 1.5) : dice.uniform(1.2, 3.2),
    lift: () => [0, 0.06, 0.02],
    reachSeconds: 0.5,
  });
};

/** Hand scratches the calf: the trunk leans, and the leg is crossed or lifted to come within reach, or stays. */
const scratchingLegs: Program = (situation) => {
  const { durationSeconds, arms, dice } = situation;
  const [arm] = arms;
  const how = durationSeconds < 1.5 ? 'leaning' : dice.oneOf(['crossed', 'lifted', 'leaning'] as const);
  const leg = how === 'crossed' && dice.chance(0.7) ? otherSide(arm) : arm;
  const share = dice.uniform(0.35, 0.65);
  return bentDown(situation, {
    leg,
    ...bentFor[how],
    hold: (standing, side) => onCalf(standing, side, leg, share),
  });
};

/** One ankle lies on the other knee, hand scratches the foot. A short act finds the leg there. */
const scratchingFeet: Program = (situation) => {
  const { arms, dice } = situation;
  const leg = dice.chance(0.7) ? otherSide(arms[0]) : arms[0];
  const share = dice.uniform(0.35, 0.95);
  return bentDown(situation, {
    leg,
    curl: 1,
    pitch: [6, 15],
    hold: (standing, side) => onFoot(standing, side, leg, share),
  });
};

export const legHandPrograms: Readonly<Record<string, Program>> = {
  'patting legs': pattingLegs,
  'touching legs': touchingLegs,
  'scratching legs': scratchingLegs,
  'scratching feet': scratchingFeet,
};

// ---- below: internals ----

/** What is done so that a hand comes to a leg. */
interface Bent {
  /** The one that is scratched. */
  readonly leg: Side;
  /** Shares of `LegControls`. */
  readonly cross?: number;
  readonly curl?: number;
  /** The foot comes off the floor, in shins. */
  readonly up?: number;
  /** Of the trunk, degrees. */
  readonly pitch: readonly [low: number, high: number];
  hold(standing: Standing, side: Side): Hold;
}

const bentFor: Readonly<Record<'crossed' | 'lifted' | 'leaning', Omit<Bent, 'leg' | 'hold'>>> = {
  crossed: { cross: 1, pitch: [17, 27] },
  lifted: { up: 0.4, pitch: [20, 30] },
  leaning: { pitch: [33, 43] },
};

function bentDown(
  situation: Situation,
  { leg: scratched, cross = 0, curl = 0, up = 0, pitch, hold }: Bent,
): Performance {
  const { subject, durationSeconds, arms, dice } = situation;
  const lean = dice.uniform(...pitch);
  const aside = sign(arms[0]) * dice.uniform(2, 6);
  const seconds = dice.uniform(0.75, 1) / subject.tempo;
  const stands = durationSeconds < 1.5;
  const lifted = up * dice.uniform(0.8, 1.2) * subject.size.shin;
  const scratching = contact(situation, {
    hold,
    manners: [['scratch', 1]],
    amplitude: 1.6,
    lift: (side, size) => [1.7 * sign(side) * size.palm, 1.1 * size.palm, 0.9 * size.palm],
    reachSeconds: 0.8,
  });
  return {
    ...scratching,
    move(controls, now) {
      const share = plateau(unhurried(now, 1.5 * seconds), seconds);
      const leg = controls.legs[scratched];
      const folded = stands ? now.presence : share;
      leg.cross += cross * folded;
      leg.curl += curl * folded;
      leg.foot.up += lifted * share;
      leg.foot.forward -= 0.35 * lifted * share;
      leg.heel += (up > 0 ? 14 : 0) * share;
      controls.trunk.pitch += lean * share;
      controls.trunk.roll += aside * share;
    },
  };
}

const flat: Curls = [0.1, 0.08, 0.08, 0.1, 0.12];

/** The palm on a thigh, `outwards` (0 above, 1 half way down its outer side), or over the knee, if the arm is long enough. */
function onTop(standing: Standing, side: Side, of: Side, wanted: number, outwards = 0): Hold {
  const share = Math.min(wanted, furthestShare(standing, side, of));
  const { along, up } = onThigh(standing, of, share);
  const aside = unit(across([sign(of), 0, 0], along));
  const out = unit(plus(up, times(across(aside, up), outwards)));
  const { hip, knee } = standing.legs[of];
  const bone = mix(hip, knee, share);
  const radius = thighRadius(standing.size, share) + 0.012;
  const inwards = of === side ? -0.2 * sign(side) : 0.2 * sign(of);
  return {
    at: plus(bone, times(out, radius)),
    part: 'palm',
    fingers: plus(along, [inwards, wanted > 0.92 ? -0.6 : 0, 0]),
    palm: times(out, -1),
    elbow: [0.65 * sign(side), -0.5, -0.7],
    curls: flat,
    spread: 0.25,
  };
}

/** How far down a thigh an arm reaches that is not quite stretched. */
function furthestShare({ size, shoulders, legs }: Standing, side: Side, of: Side): number {
  const { hip, knee } = legs[of];
  const top: Vector = [hip[0], hip[1] + thighRadius(size, 0.8), hip[2]];
  const thigh = minus(knee, hip);
  const off = minus(top, shoulders[side]);
  const reach = 0.97 * (size.upperArm + size.forearm) + 0.45 * size.palm;
  const [a, b, c] = [dot(thigh, thigh), dot(thigh, off), dot(off, off) - reach * reach];
  return Math.max(0.3, (-b + Math.sqrt(Math.max(0, b * b - a * c))) / a);
}

/** Finger tips on the calf, on the side from which the arm comes. */
function onCalf(standing: Standing, side: Side, of: Side, share: number): Hold {
  const { size, shoulders, legs } = standing;
  const { hip, knee, ankle } = legs[of];
  const shin = unit(minus(ankle, knee));
  const bone = mix(knee, ankle, share);
  const behind = unit(across(minus(hip, knee), shin));
  const beside = unit(across([sign(side), 0, 0], shin));
  const towardsArm = unit(across(minus(shoulders[side], bone), shin));
  const out = unit(plus(plus(times(behind, 0.5), beside), times(towardsArm, 0.4)));
  return scratch(side, plus(bone, times(out, shinRadius(size, share) + 0.008)), plus(shin, times(out, -0.35)), out);
}

/** Finger tips on the upper side of a foot that lies on the other thigh. */
function onFoot({ shoulders, legs }: Standing, side: Side, of: Side, share: number): Hold {
  const { ankle, ball, foot }: Leg = legs[of];
  const bone = mix(ankle, ball, share);
  const towardsArm = unit(minus(shoulders[side], bone));
  const out = unit(across(plus(towardsArm, [0, 0.5, 0]), foot.front));
  return scratch(side, plus(bone, times(out, 0.042)), plus(times(foot.front, 0.4), [0, -0.5, 0.7]), out);
}

function scratch(side: Side, at: Vector, fingers: Vector, out: Vector): Hold {
  return {
    at,
    part: 'fingertips',
    fingers,
    palm: times(out, -1),
    elbow: [0.8 * sign(side), -0.2, -0.6],
    curls: evenCurls(0.3),
    spread: 0.3,
  };
}
