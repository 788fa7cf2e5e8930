import { describe, expect, it } from 'vitest';
import { Dice } from '../../dice.ts';
import { neutralControls } from '../body/controls.ts';
import { type Figure, stand, withArms } from '../body/figure.ts';
import { evenCurls, touch } from '../body/hand.ts';
import { mix, place, plus, type Vector } from '../body/vector.ts';
import { project } from '../camera/camera.ts';
import { shaken } from '../camera/drawCamera.ts';
import { drawSubject } from '../subject.ts';
import { OpticalFlow } from './flow.ts';
import { drawScene, type Scene } from './scene.ts';

const pixels = 256;
const subject = drawSubject(1, 3);
const scene: Scene = { ...drawScene(new Dice(2), subject, { widthPixels: pixels, heightPixels: pixels }), shake: [] };

/** Both hands before the chest, the right one `lift` metres higher, the head turned. */
function figure(lift: number, yaw: number): Figure {
  const controls = neutralControls();
  controls.head.yaw = yaw;
  const standing = stand(controls, subject.size);
  const hand = (side: 'left' | 'right', up: number) =>
    touch(
      plus(place(standing.chest, [side === 'left' ? 0.15 : -0.2, 0.05, 0.3]), [0, up, 0]),
      'palm',
      {
        fingers: [0, 1, 0],
        palm: [0, 0, 1],
        elbow: [side === 'left' ? 1 : -1, -1, 0],
        curls: evenCurls(0.1),
        spread: 0.3,
      },
      side,
      subject.size,
    );
  return withArms(standing, { left: hand('left', 0), right: hand('right', lift) });
}

describe('OpticalFlow', () => {
  it('follows the places of hand, forearm and face that the camera sees', () => {
    const [before, after] = [figure(0, 0), figure(0.03, 4)];
    const flow = new OpticalFlow(subject, scene).between(
      { figure: before, seconds: 0 },
      { figure: after, seconds: 1 / 30 },
    );
    const places: ((at: Figure) => Vector)[] = [
      ({ arms }) => arms.right.fingers[2][1],
      ({ arms }) => place(arms.right.hand, [0, 0.05, 0]),
      ({ arms }) => mix(arms.right.shoulder, arms.right.elbow, 0.6),
      ({ head }) => place(head, [0.03, 0, 0.09]),
      ({ head }) => place(head, [-0.03, 0.05, 0.085]),
    ];
    for (const placeOf of places) {
      const [from, to] = [before, after].map((one) => project(scene.camera, placeOf(one)));
      const [dx, dy] = at(flow, from[0], from[1]);
      expect(Math.hypot(to[0] - from[0], to[1] - from[1])).toBeGreaterThan(0.5);
      expect(Math.hypot(dx - (to[0] - from[0]), dy - (to[1] - from[1]))).toBeLessThan(0.35);
    }
  });

  it('is 0 where nothing moves', () => {
    const flow = new OpticalFlow(subject, scene).between(
      { figure: figure(0, 0), seconds: 0 },
      { figure: figure(0.03, 0), seconds: 1 / 30 },
    );
    const still = project(scene.camera, figure(0, 0).arms.left.wrist);
    expect(Math.hypot(...at(flow, still[0], still[1]))).toBeLessThan(1e-6);
    expect(at(flow, 2, 2)).toEqual([0, 0]);
  });

  it('follows the room when the camera trembles', () => {
    const trembling: Scene = {
      ...scene,
      shake: [{ about: 'yaw', degrees: 0.2, hertz: 1, phase: 0 }],
    };
    const one = figure(0, 0);
    const flow = new OpticalFlow(subject, trembling).between(
      { figure: one, seconds: 0 },
      { figure: one, seconds: 0.1 },
    );
    const places: Vector[] = [[0.5, 1, 0], [-0.5, 0.4, 0], one.chest.origin];
    for (const corner of places) {
      const [from, to] = [0, 0.1].map((seconds) => project(shaken(scene.camera, trembling.shake, seconds), corner));
      const [dx, dy] = at(flow, from[0], from[1]);
      expect(Math.abs(to[0] - from[0])).toBeGreaterThan(0.3);
      expect(Math.hypot(dx - (to[0] - from[0]), dy - (to[1] - from[1]))).toBeLessThan(0.2);
    }
  });
});

function at(flow: Float32Array, x: number, y: number): [number, number] {
  const i = 2 * (Math.floor(y) * pixels + Math.floor(x));
  return [flow[i], flow[i + 1]];
}
