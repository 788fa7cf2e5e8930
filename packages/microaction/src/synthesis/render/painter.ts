import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Figure } from '../body/figure.ts';
import { sides } from '../body/limbs.ts';
import { mix } from '../body/vector.ts';
import type { Camera } from '../camera/camera.ts';
import type { Subject } from '../subject.ts';
import { drawForearm, drawUpperArm } from './arms.ts';
import { type Easel, seen } from './easel.ts';
import { drawHand } from './hands.ts';
import { backHair, drawHead, drawNeck } from './head.ts';
import { drawLeg, drawSeat } from './legs.ts';
import type { Light } from './light.ts';
import type { Scene } from './scene.ts';
import { drawTrunk } from './trunk.ts';
import { type Wardrobe, wardrobeOf } from './wardrobe.ts';

/** Draws a person on a picture. */
export class Painter {
  readonly #wardrobe: Wardrobe;
  readonly #light: Light;

  constructor(subject: Subject, { light }: Pick<Scene, 'light' | 'mask'>) {
    this.#wardrobe = wardrobeOf(subject.look);
    this.#light = light;
  }

  paint(context: SKRSContext2D, figure: Figure, camera: Camera) {
    const easel: Easel = { context, camera, light: this.#light };
    const wardrobe = this.#wardrobe;
    const depth = (at: readonly [number, number, number]) => seen(easel, at)[2];
    const chest = depth(figure.chest.origin);
    const head = depth(figure.head.origin);

    const parts: [depth: number, draw: () => void][] = [];
    const part = (at: number, draw: () => void) => parts.push([at, draw]);
    part(chest + 0.06, () => backHair(easel, figure, wardrobe));
    part(chest + 0.05, () => drawNeck(easel, figure, wardrobe));
    part(chest, () => drawTrunk(easel, figure, wardrobe));
    part(Math.min(head, chest - 0.01), () => drawHead(easel, figure, wardrobe));
    part(chest - 0.02, () => drawSeat(easel, figure, wardrobe));
    for (const side of sides) {
      const leg = figure.legs[side];
      part(Math.min(chest - 0.03, depth(mix(leg.knee, leg.ankle, 0.6)) + 0.1), () =>
        drawLeg(easel, figure, leg, wardrobe),
      );
      const arm = figure.arms[side];
      const front = (d: number) => (d > chest + 0.04 ? d : Math.min(d, chest - 0.04));
      part(front(depth(arm.elbow)), () => drawUpperArm(easel, figure, side, wardrobe));
      part(front(depth(arm.wrist)), () => drawForearm(easel, figure, side, wardrobe));
      part(front(depth(arm.fingers[2][0])) - 0.1, () => drawHand(easel, arm, wardrobe));
    }
    for (const [, draw] of parts.sort((a, b) => b[0] - a[0])) draw();
  }
}
