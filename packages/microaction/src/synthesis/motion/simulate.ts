import { Dice } from '../../dice.ts';
import { type Controls, neutralControls } from '../body/controls.ts';
import { type Figure, stand, withArms } from '../body/figure.ts';
import { armOf, type Limb, legOf, sides } from '../body/limbs.ts';
import type { Act, ClipPlan } from '../plan/plan.ts';
import type { Subject } from '../subject.ts';
import { Hands } from './hands.ts';
import { drawIdle } from './idle.ts';
import { type Moment, smooth } from './moment.ts';
import type { Performance } from './program.ts';
import { programs } from './programs/programs.ts';
import { heldIn } from './props.ts';
import { drawSeat } from './seat.ts';

/** One clip's person, to be asked for any moment of it in any order. */
export interface Simulation {
  /** Seconds from the clip's first frame. */
  figureAt(seconds: number): Figure;
  /** Who sits there, with the glasses or the hair that an act needs. */
  readonly subject: Subject;
}

/** Makes a person do what a clip is planned to show. Every chance is drawn here; moments are pure functions. */
export function simulate(plan: ClipPlan, sitter: Subject): Simulation {
  const dice = new Dice(plan.seed);
  const durationSeconds = plan.frameCount / plan.frameRate;
  const acts = plan.acts.map((act) => ({
    performance: perform(act, sitter),
    momentAt: momentsOf(act, plan.acts),
  }));
  const prop = acts.find(({ performance }) => performance.prop)?.performance.prop;
  const subject = fitted(
    sitter,
    acts.map(({ performance }) => performance),
  );
  const seat = drawSeat(dice.fork('seat'), subject);
  const idle = drawIdle(dice.fork('idle'), subject, durationSeconds);
  return {
    subject,
    figureAt(seconds) {
      const controls: Controls = neutralControls();
      seat.settle(controls);
      idle.move(controls, seconds);
      const now = acts.map(({ momentAt }) => momentAt(seconds));
      acts.forEach(({ performance }, i) => void performance.move?.(controls, now[i]));
      const standing = stand(controls, subject.size);
      const hands = new Hands(seat.hands(standing));
      acts.forEach(({ performance }, i) => void performance.reach?.(hands, standing, now[i]));
      idle.stir(hands, seconds);
      const figure = withArms(standing, hands);
      if (!prop) return figure;
      const { hand, fingers } = figure.arms[prop.side];
      return { ...figure, prop: { kind: prop.kind, frame: heldIn(hand, fingers, prop.side, prop.kind, subject.size) } };
    },
  };
}

// ---- below: internals ----

function perform(act: Act, subject: Subject): Performance {
  const program = programs[act.action];
  if (!program) throw new Error(`there is no motion program for the action ${act.action}`);
  return program({
    subject,
    durationSeconds: act.end - act.start,
    arms: sides.filter((side) => act.limbs.includes(armOf(side))),
    legs: sides.filter((side) => act.limbs.includes(legOf(side))),
    dice: new Dice(act.seed),
  });
}

/** The posture that an act needs before and leaves behind fades through the gaps to its limbs' other acts. */
function momentsOf(act: Act, acts: readonly Act[]): (seconds: number) => Moment {
  const rivals = acts.filter((other) => other !== act && other.limbs.some((limb: Limb) => act.limbs.includes(limb)));
  const before = Math.max(...rivals.filter(({ end }) => end <= act.start).map(({ end }) => end));
  const after = Math.min(...rivals.filter(({ start }) => start >= act.end).map(({ start }) => start));
  const durationSeconds = act.end - act.start;
  const presenceAt = (at: number) => {
    if (at < act.start) return before === Number.NEGATIVE_INFINITY ? 1 : smooth((at - before) / (act.start - before));
    if (at > act.end) return after === Number.POSITIVE_INFINITY ? 1 : smooth((after - at) / (after - act.end));
    return 1;
  };
  return (at) => ({ seconds: at - act.start, durationSeconds, presence: presenceAt(at) });
}

/** The sitter with the glasses or the hair that an act needs. */
function fitted(sitter: Subject, performances: readonly Performance[]): Subject {
  const { glasses, hair } = sitter.look;
  const lacksGlasses = !glasses && performances.some(({ needsGlasses }) => needsGlasses);
  const lacksHair = hair.style === 'bald' && performances.some(({ needsHair }) => needsHair);
  if (!lacksGlasses && !lacksHair) return sitter;
  return {
    ...sitter,
    look: {
      ...sitter.look,
      glasses: lacksGlasses ? { shape: 'square', colour: '#1c1c1e' } : glasses,
      hair: lacksHair ? { ...hair, style: 'short' } : hair,
    },
  };
}
