import { betweenHands, type HandPose } from '../body/hand.ts';
import type { Side } from '../body/limbs.ts';
import type { Vector } from '../body/vector.ts';

/** Both hands at one moment, on their way from rest to wherever acts lead them. */
export class Hands implements Record<Side, HandPose> {
  left: HandPose;
  right: HandPose;

  constructor(rest: Readonly<Record<Side, HandPose>>) {
    this.left = rest.left;
    this.right = rest.right;
  }

  /**
   * Takes a hand by `share` (0 to 1) of the way from where it is to `goal`.
   *
   * @param lift - how far it leaves the straight line at half way, metres; to the front unless told
   */
  lead(side: Side, goal: HandPose, share: number, lift: Vector = [0, 0.02, 0.06]): void {
    this[side] = betweenHands(side, this[side], goal, share, lift);
  }
}
