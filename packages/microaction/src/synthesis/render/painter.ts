import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { Arm, Figure } from '../body/figure.ts';
import { type Side, sides } from '../body/limbs.ts';
import { length, minus, mix, place, type Vector } from '../body/vector.ts';
import type { Camera } from '../camera/camera.ts';
import type { Subject } from '../subject.ts';
import { drawForearm, drawUpperArm, forearmRod, upperArmRod } from './arms.ts';
import { type Easel, flatten, pixelsPerMetre, type Rod, seen, traceRod } from './easel.ts';
import { drawFaceMask } from './face.ts';
import { drawBackHair } from './hair.ts';
import { drawHand, handRods } from './hands.ts';
import { drawHead, drawNeck, headRod, neckRod } from './head.ts';
import { drawLap, drawLeg, drawSkirt, footShadows, legRods } from './legs.ts';
import { type Part, paintersOrder } from './order.ts';
import type { Scene } from './scene.ts';
import { drawTrunk, trunkRod } from './trunk.ts';
import { type Wardrobe, wardrobeOf } from './wardrobe.ts';

/** Draws one subject in the light of one scene, moment by moment. */
export class Painter {
  readonly #wardrobe: Wardrobe;
  readonly #scene: Pick<Scene, 'light' | 'mask'>;
  /** The person alone, so that shadows which parts throw on others fall on nothing else. */
  #layer: Canvas | undefined;

  constructor(subject: Subject, scene: Pick<Scene, 'light' | 'mask'>) {
    this.#wardrobe = wardrobeOf(subject.look);
    this.#scene = scene;
  }

  /** Draws a figure over whatever the picture shows. */
  paint(context: SKRSContext2D, figure: Figure, camera: Camera) {
    const layer = this.#clearedLayer(camera);
    const { light, mask } = this.#scene;
    const easel: Easel = { context: layer, camera, light };
    for (const { draw } of this.#ordered(easel, figure)) draw();
    if (mask) drawFaceMask(easel, figure, mask);
    footShadows({ ...easel, context }, figure);
    context.drawImage(layer.canvas, 0, 0);
  }

  /** Which part of the body each pixel shows: 0 none, else one more than its index in `names`. */
  label(figure: Figure, camera: Camera): { names: string[]; labels: Uint8Array } {
    const { widthPixels: width, heightPixels: height } = camera;
    const layer = this.#clearedLayer(camera);
    const parts = this.#ordered({ context: layer, camera, light: this.#scene.light }, figure);
    const labels = new Uint8Array(width * height);
    parts.forEach(({ draw }, index) => {
      layer.clearRect(0, 0, width, height);
      draw();
      const { data } = layer.getImageData(0, 0, width, height);
      for (let i = 0; i < labels.length; i++) if (data[4 * i + 3] > 127) labels[i] = index + 1;
    });
    return { names: parts.map(({ name }) => name), labels };
  }

  #clearedLayer({ widthPixels: width, heightPixels: height }: Camera): SKRSContext2D {
    if (this.#layer?.width !== width || this.#layer.height !== height) this.#layer = createCanvas(width, height);
    const layer = this.#layer.getContext('2d');
    layer.clearRect(0, 0, width, height);
    return layer;
  }

  #ordered(easel: Easel, figure: Figure): Part[] {
    return paintersOrder(this.#parts(easel, figure), (a, b) => rule(easel, figure, a, b));
  }

  #parts(easel: Easel, figure: Figure): Part[] {
    const wardrobe = this.#wardrobe;
    const part = (name: string, rods: readonly Rod[], nearer: number, draw: () => void, shadow = 0): Part => ({
      name,
      rods: rods.map((rod) => flatten(easel, rod)),
      nearer,
      draw: () => {
        if (shadow > 0)
          for (const rod of rods) castShadow(easel, { ...rod, from: mix(rod.from, rod.to, 0.25) }, shadow);
        draw();
      },
    });
    const head = headRod(figure);
    const parts = [
      part('neck', [neckRod(figure)], 0, () => drawNeck(easel, figure, wardrobe)),
      part('trunk', [trunkRod(figure)], 0, () => drawTrunk(easel, figure, wardrobe)),
      part('head', [head], 0, () => drawHead(easel, figure, wardrobe), 0.22),
      part('lap', [trunkRod(figure)], 0, () => drawLap(easel, figure, wardrobe)),
    ];
    if (wardrobe.look.hair.style === 'long') {
      parts.push(part('backHair', [head], -0.05, () => drawBackHair(easel, figure, wardrobe)));
    }
    if (wardrobe.look.bottom.kind === 'skirt') {
      const thighs = sides.map((side) => legRods(figure.legs[side], figure)[0]);
      parts.push(part('skirt', thighs, 0, () => drawSkirt(easel, figure, wardrobe)));
    }
    const held = figure.prop && nearestHand(figure, figure.prop.frame.origin);
    for (const side of sides) {
      const arm = figure.arms[side];
      const prop = held === side ? figure.prop : undefined;
      parts.push(
        part(`${side}Leg`, legRods(figure.legs[side], figure), 0, () => drawLeg(easel, figure, side, wardrobe)),
        part(
          `${side}UpperArm`,
          [upperArmRod(arm, figure)],
          0.02,
          () => drawUpperArm(easel, figure, side, wardrobe),
          0.1,
        ),
        part(`${side}Forearm`, [forearmRod(arm, figure)], 0.03, () => drawForearm(easel, figure, side, wardrobe), 0.2),
        part(`${side}Hand`, handRods(arm), 0.03, () => drawHand(easel, arm, wardrobe, prop), 0.22),
      );
    }
    return parts;
  }
}

// ---- below: internals ----

const nearestHand = ({ arms }: Figure, at: Vector): Side => {
  const from = (arm: Arm) => length(minus(place(arm.hand, [0, 0.08, 0.02]), at));
  return from(arms.left) <= from(arms.right) ? 'left' : 'right';
};

/** Always drawn in this order, whatever their depths. */
const layers = ['backHair', 'neck', 'trunk', 'lap', 'Leg', 'skirt'];

/** What anatomy knows better than the depths of axes. */
function rule(easel: Easel, figure: Figure, a: string, b: string): number | undefined {
  const level = (name: string) => layers.findIndex((layer) => name.endsWith(layer));
  const [la, lb] = [level(a), level(b)];
  if (la >= 0 && lb >= 0 && la !== lb) return la - lb;
  if (a === 'head') return headOver(b);
  if (b === 'head') return negative(headOver(a));
  if (b.endsWith('Arm')) return armOver(easel, figure, sideOf(b), a, -1);
  if (a.endsWith('Arm')) return armOver(easel, figure, sideOf(a), b, 1);
  if (a.endsWith('Hand') && b === `${sideOf(a)}Forearm`) return handOver(easel, figure.arms[sideOf(a)]);
  if (b.endsWith('Hand') && a === `${sideOf(b)}Forearm`) return -handOver(easel, figure.arms[sideOf(b)]);
  return undefined;
}

const sideOf = (name: string): Side => (name.startsWith('left') ? 'left' : 'right');
const negative = (value: number | undefined) => (value === undefined ? undefined : -value);
const headOver = (other: string) => (layers.slice(0, 4).includes(other) ? 1 : undefined);

/** An upper arm is at the side of the trunk, before it unless the elbow is led down and behind the back. */
function armOver(easel: Easel, figure: Figure, side: Side, other: string, sign: 1 | -1): number | undefined {
  const depth = (at: Vector) => seen(easel, at)[2];
  const { shoulder, elbow, wrist } = figure.arms[side];
  if (other === 'trunk' || other === 'lap' || other === 'neck' || other === 'backHair') {
    return depth(elbow) < depth(shoulder) + 0.1 || elbow[1] > shoulder[1] - 0.05 ? sign : -sign;
  }
  if (other === `${side}Forearm`) return depth(wrist) < depth(mix(shoulder, elbow, 0.5)) + 0.02 ? -sign : sign;
  return undefined;
}

const handOver = (easel: Easel, { fingers, elbow, wrist }: Arm) =>
  seen(easel, mix(elbow, wrist, 0.6))[2] - seen(easel, fingers[2][1])[2];

/** Darkens what is already drawn around a rod, most on the side away from the light. */
function castShadow(easel: Easel, rod: Rod, strength: number) {
  const { context, light } = easel;
  const flat = flatten(easel, rod);
  const scale = pixelsPerMetre(easel, flat.to[2]);
  const [dx, dy] = [-0.012 * light.towards[0] * scale, 0.016 * scale];
  context.globalCompositeOperation = 'source-atop';
  for (const grown of [1.15, 1.4]) {
    context.beginPath();
    traceRod(easel, {
      from: [flat.from[0] + dx, flat.from[1] + dy, flat.from[2]],
      to: [flat.to[0] + dx, flat.to[1] + dy, flat.to[2]],
      fromPixels: grown * flat.fromPixels,
      toPixels: grown * flat.toPixels,
    });
    context.fillStyle = `rgba(10,5,15,${(strength / 2).toFixed(3)})`;
    context.fill();
  }
  context.globalCompositeOperation = 'source-over';
}
