import type { Normalisation } from '../backbones/index.ts';

/** What every recogniser lets choose; plain data. */
export interface CommonOptions {
  readonly classes: number;
  /**
   * The body part of each class, from 0: the head then says P(part) · P(action | part). Unless given, it says P(action).
   */
  readonly parts?: readonly number[];
  /** The part of the features that training drops in front of the classifier. */
  readonly dropout?: number;
  /** By which pictures become numbers. */
  readonly normalisation?: Normalisation;
}
