import type { Dice } from '../../dice.ts';
import type { Controls } from '../body/controls.ts';
import type { Standing } from '../body/figure.ts';
import type { Side } from '../body/limbs.ts';
import type { Subject } from '../subject.ts';
import type { Hands } from './hands.ts';
import type { Moment } from './moment.ts';

/** What a program knows when it draws how one act is going to be done. */
export interface Situation {
  readonly subject: Subject;
  readonly durationSeconds: number;
  /** The sides it is done with, one or both: of arms and of legs. */
  readonly arms: readonly Side[];
  readonly legs: readonly Side[];
  /** Of amplitude, speed, repetitions. */
  readonly dice: Dice;
}

/** One act as it is going to be done: functions of time, with nothing left to chance. */
export interface Performance {
  /** Adds to trunk, head, shoulders and legs. */
  move?(controls: Controls, now: Moment): void;
  /** Leads hands, once trunk, head and legs stand. */
  reach?(hands: Hands, standing: Standing, now: Moment): void;
  /** Something in the hands, all through the clip. */
  readonly prop?: { readonly kind: 'pen' | 'phone' | 'cup'; readonly side: Side };
  /** The act makes no sense on a person without. */
  readonly needsGlasses?: true;
  readonly needsHair?: true;
}

/** Draws one way to do an action. Movement that is seen stays within the act. */
export type Program = (situation: Situation) => Performance;
