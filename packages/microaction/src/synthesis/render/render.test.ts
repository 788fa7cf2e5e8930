import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { Dice } from '../../dice.ts';
import { neutralControls } from '../body/controls.ts';
import { type Figure, stand, withArms } from '../body/figure.ts';
import { evenCurls, touch } from '../body/hand.ts';
import { type Side, sides } from '../body/limbs.ts';
import { place, plus, type Vector } from '../body/vector.ts';
import { project } from '../camera/camera.ts';
import { shaken } from '../camera/drawCamera.ts';
import { drawSubject, type Subject } from '../subject.ts';
import { Backdrop } from './backdrop.ts';
import { renderFrames } from './renderFrames.ts';
import { drawScene, type Scene } from './scene.ts';

const pixels = 256;
const picture = { widthPixels: pixels, heightPixels: pixels };

describe('a drawn clip', () => {
  it('has the same bytes for the same dice, others for others', () => {
    const [clip, again, other] = [3, 3, 4].map((seed) => {
      const { subject, scene, dice } = world(seed);
      return Buffer.concat([...frames(dice, subject, scene, waving(subject), 3)].map((frame) => Buffer.from(frame)));
    });
    expect(clip.equals(again)).toBe(true);
    expect(clip.equals(other)).toBe(false);
  });

  it('shows the person where the joints are', () => {
    for (let seed = 0; seed < 12; seed++) {
      const { subject, dice, scene } = world(seed);
      const still = { ...scene, noiseLevels: 0, shake: [] };
      const figure = sitting(subject);
      const [shown] = frames(dice, subject, still, () => figure, 1);
      const empty = emptyRoom(still);
      const joints = sides.flatMap((side) => [
        figure.shoulders[side],
        figure.arms[side].elbow,
        figure.arms[side].fingers[2][0],
        figure.legs[side].knee,
        figure.legs[side].ball,
      ]);
      const inPicture = [...joints, figure.head.origin, figure.chest.origin]
        .map((joint) => project(still.camera, joint))
        .filter(([x, y]) => x > 1 && x < pixels - 1 && y > 1 && y < pixels - 1);
      const drawn = inPicture.filter(([x, y]) => difference(shown, empty, x, y) > 6);
      expect(inPicture.length).toBeGreaterThanOrEqual(8);
      // A sleeve may have the wall's colour by chance.
      expect(drawn.length / inPicture.length).toBeGreaterThan(0.8);
      // The person moves nothing in the corners.
      expect(difference(shown, empty, 1, 1)).toBe(0);
      expect(difference(shown, empty, pixels - 2, 1)).toBe(0);
    }
  });

  it('shows a hand before the face and hides it behind the head', () => {
    const { subject, dice, scene } = world(5);
    const still: Scene = { ...scene, noiseLevels: 0, shake: [] };
    const reaching = (z: number) => {
      const standing = stand(neutralControls(), subject.size);
      const figure = withArms(standing, {
        left: resting(standing, subject, 'left'),
        right: touch(
          place(standing.head, [0, -0.02, z]),
          'palm',
          {
            fingers: [0.5, 1, 0],
            palm: [0, 0, -Math.sign(z)],
            elbow: [-1, -0.4, 0],
            curls: evenCurls(0.1),
            spread: 0.2,
          },
          'right',
          subject.size,
        ),
      });
      const [shown] = frames(dice, subject, still, () => figure, 1);
      return shown;
    };
    const without = frames(dice, subject, still, () => sitting(subject), 1).next().value!;
    const standing = stand(neutralControls(), subject.size);
    const mouth = project(still.camera, place(standing.head, [0, -0.05, 0.1]));
    expect(difference(reaching(0.15), without, mouth[0], mouth[1])).toBeGreaterThan(8);
    expect(difference(reaching(-0.14), without, mouth[0], mouth[1])).toBeLessThan(4);
  });

  it('blurs what moves while the shutter is open, and only that', () => {
    const { subject, dice, scene } = world(7);
    const sharp: Scene = { ...scene, noiseLevels: 0, shake: [], shutter: 0 };
    const blurred: Scene = { ...sharp, shutter: 0.8 };
    const moving = waving(subject);
    const at = (clip: Scene, figureAt: (seconds: number) => Figure) =>
      frames(dice, subject, clip, figureAt, 1).next().value!;
    const rest = moving(0);
    expect(at(blurred, () => rest)).toEqual(at(sharp, () => rest));

    const [a, b] = [at(sharp, moving), at(blurred, moving)];
    const hand = project(sharp.camera, rest.arms.right.fingers[2][1]);
    const feet = project(sharp.camera, rest.legs.left.ankle);
    expect(largestDifference(a, b, hand[0], hand[1], 10)).toBeGreaterThan(15);
    expect(largestDifference(a, b, feet[0], feet[1], 5)).toBeLessThan(3); // averages are rounded
  });

  it('has noise of the strength that its scene says, another in each frame', () => {
    const { subject, dice, scene } = world(9);
    const clean: Scene = { ...scene, noiseLevels: 0, shake: [], shutter: 0 };
    const figure = sitting(subject);
    const [quiet] = frames(dice, subject, clean, () => figure, 1);
    const [first, second] = [...frames(dice, subject, { ...clean, noiseLevels: 4 }, () => figure, 2)];
    expect(spread(first, quiet)).toBeCloseTo(4, 0);
    expect(spread(first, second)).toBeCloseTo(4 * Math.SQRT2, 0);
  });

  it('moves all of the room with the camera that trembles', () => {
    const { scene } = world(11);
    const { camera } = scene;
    const nudged = shaken(camera, [{ about: 'yaw', degrees: 0.2, hertz: 1, phase: 0 }], 0.25);
    const corner: Vector = [0.6, 1.2, 0];
    const [still, moved] = [project(camera, corner), project(nudged, corner)];
    expect(moved[0]).toBeGreaterThan(still[0] + 0.3);
    expect(Math.abs(moved[1] - still[1])).toBeLessThan(0.2);
  });

  it('hides the eyes behind a mask of one colour', () => {
    const { subject, dice } = world(13);
    const scene = drawScene(dice, subject, { ...picture, masked: true });
    const clean: Scene = { ...scene, noiseLevels: 0, shake: [], mask: { kind: 'bar', grey: 0 } };
    const figure = sitting(subject);
    const [shown] = frames(dice, subject, clean, () => figure, 1);
    for (const side of [-1, 1]) {
      const [x, y] = project(clean.camera, place(figure.head, [side * 0.035, 0.004, 0.085]));
      const i = 4 * (Math.floor(y) * pixels + Math.floor(x));
      expect([...shown.subarray(i, i + 3)]).toEqual([0, 0, 0]);
    }
  });
});

describe('drawScene', () => {
  it('is plain data', () => {
    const { scene } = world(1);
    expect(JSON.parse(JSON.stringify(scene))).toEqual(scene);
  });

  it('holds the whole person in most pictures, and the face in all', () => {
    let whole = 0;
    const count = 200;
    for (let seed = 0; seed < count; seed++) {
      const { subject, scene } = world(seed);
      const figure = sitting(subject);
      const seen = (at: Vector) => {
        const [x, y] = project(scene.camera, at);
        return x >= 0 && x < pixels && y >= 0 && y < pixels;
      };
      const crown = plus(figure.head.origin, [0, 0.5 * subject.size.headHeight, 0]);
      expect(seen(figure.head.origin)).toBe(true);
      expect(sides.every((side) => seen(figure.shoulders[side]))).toBe(true);
      if ([crown, ...sides.map((side) => figure.legs[side].toe)].every(seen)) whole++;
    }
    expect(whole / count).toBeGreaterThan(0.7);
    expect(whole / count).toBeLessThan(0.98);
  });
});

function world(seed: number) {
  const subject = drawSubject(1, seed);
  const dice = new Dice(seed);
  return { subject, dice, scene: drawScene(dice, subject, picture) };
}

const frames = (dice: Dice, subject: Subject, scene: Scene, figureAt: (seconds: number) => Figure, count: number) =>
  renderFrames(dice, subject, scene, { figureAt, frameCount: count, frameRate: 30 });

function resting(standing: ReturnType<typeof stand>, subject: Subject, side: Side) {
  const { knee } = standing.legs[side];
  return touch(
    plus(knee, [0, 0.07, -0.08]),
    'palm',
    {
      fingers: [0, 0, 1],
      palm: [0, -1, 0],
      elbow: [side === 'left' ? 0.7 : -0.7, -0.6, -0.6],
      curls: evenCurls(0.2),
      spread: 0.2,
    },
    side,
    subject.size,
  );
}

function sitting(subject: Subject): Figure {
  const standing = stand(neutralControls(), subject.size);
  return withArms(standing, {
    left: resting(standing, subject, 'left'),
    right: resting(standing, subject, 'right'),
  });
}

/** The right hand goes to and fro before the chest. */
function waving(subject: Subject) {
  const standing = stand(neutralControls(), subject.size);
  return (seconds: number): Figure =>
    withArms(standing, {
      left: resting(standing, subject, 'left'),
      right: touch(
        place(standing.chest, [-0.25 + 0.1 * Math.sin(40 * seconds), 0.2, 0.25]),
        'palm',
        { fingers: [0, 1, 0], palm: [0, 0, 1], elbow: [-1, -1, 0], curls: evenCurls(0), spread: 0.5 },
        'right',
        subject.size,
      ),
    });
}

function emptyRoom(scene: Scene): Uint8ClampedArray {
  const context = createCanvas(pixels, pixels).getContext('2d');
  new Backdrop(scene).paint(context, scene.camera);
  return context.getImageData(0, 0, pixels, pixels).data as Uint8ClampedArray;
}

/** The largest difference of a channel at one pixel, in levels. */
function difference(a: Uint8ClampedArray, b: Uint8ClampedArray, x: number, y: number): number {
  const i = 4 * (Math.floor(y) * pixels + Math.floor(x));
  return Math.max(...[0, 1, 2].map((channel) => Math.abs(a[i + channel] - b[i + channel])));
}

function largestDifference(a: Uint8ClampedArray, b: Uint8ClampedArray, x: number, y: number, around: number): number {
  let most = 0;
  for (let dx = -around; dx <= around; dx++) {
    for (let dy = -around; dy <= around; dy++) {
      const [column, row] = [Math.round(x) + dx, Math.round(y) + dy];
      if (column < 0 || column >= pixels || row < 0 || row >= pixels) continue;
      most = Math.max(most, difference(a, b, column, row));
    }
  }
  return most;
}

/** Standard deviation of the difference of two pictures, where neither is near black or white. */
function spread(a: Uint8ClampedArray, b: Uint8ClampedArray): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    if (i % 4 === 3 || b[i] < 20 || b[i] > 235) continue;
    sum += (a[i] - b[i]) ** 2;
    count++;
  }
  return Math.sqrt(sum / count);
}
