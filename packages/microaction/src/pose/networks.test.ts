import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testPicture } from '../../../pose-models/scripts/testPicture.ts';
import type { Frame, Region } from '../video/video.ts';
import { blazePoseInput, decodeBlazePose } from './blazePose.ts';
import { decodeMoveNet, moveNetInput } from './moveNet.ts';
import type { PoseNetworks } from './network.ts';
import { loadPoseNetworks } from './onnxNode.ts';
import { decodePersons, detectorInput } from './personDetector.ts';
import { cropSquare, type InputFormat } from './squareCrop.ts';

const golden = (name: string): Record<string, number[]> =>
  JSON.parse(readFileSync(new URL(`../../../pose-models/golden/${name}.json`, import.meta.url), 'utf8'));

describe('key points of the drawn person', () => {
  let networks: PoseNetworks;
  beforeAll(async () => {
    networks = await loadPoseNetworks();
  });
  afterAll(() => networks.dispose());

  it('MoveNet finds them where the original does', async () => {
    const outputs = await networks.moveNet.run(picture(moveNetInput), 1);
    const { x, y, confidence } = decodeMoveNet(outputs, unit);
    const expected = golden('movenet-thunder').points;
    const withinCells = 0.35; // the original looks at one cell, ours averages over its neighbours
    for (let point = 0; point < 17; point++) {
      expect(Math.abs(y[point] - expected[point * 3]) * 64).toBeLessThan(withinCells);
      expect(Math.abs(x[point] - expected[point * 3 + 1]) * 64).toBeLessThan(withinCells);
      expect(confidence[point]).toBeCloseTo(expected[point * 3 + 2], 3);
    }
  });

  it('MoveNet gives each picture of a batch its own points', async () => {
    const one = picture(moveNetInput);
    const outputs = await networks.moveNet.run(concatenate(new Float32Array(one.length), one), 2);
    const expected = golden('movenet-thunder').points;
    expect(decodeMoveNet(outputs, unit, 1).x[5]).toBeCloseTo(expected[5 * 3 + 1], 2);
    expect(decodeMoveNet(outputs, unit, 0).confidence[5]).toBeLessThan(0.2);
  });

  it('BlazePose finds them where the original does', async () => {
    const outputs = await networks.blazePose.run(picture(blazePoseInput), 1);
    const person = decodeBlazePose(outputs, unit);
    const { landmarks, presence } = golden('blazepose-full');
    expect(person.presence).toBeCloseTo(presence[0], 4);
    for (let point = 0; point < 33; point++) {
      expect(person.points.x[point]).toBeCloseTo(landmarks[point * 5] / 256, 4);
      expect(person.points.y[point]).toBeCloseTo(landmarks[point * 5 + 1] / 256, 4);
      expect(person.points.confidence[point]).toBeCloseTo(1 / (1 + Math.exp(-landmarks[point * 5 + 3])), 4);
    }
  });

  it('the detector finds one person, with head and body where they were drawn', async () => {
    const outputs = await networks.detector.run(picture(detectorInput), 1);
    const persons = decodePersons(outputs, unit);
    expect(persons).toHaveLength(1);
    const [{ score, head, square }] = persons;
    const [anchor, ...row] = golden('blazepose-detector').best; // score, box, four points; in pixels from the anchor
    const cell = Math.floor((anchor - 2 * 28 * 28) / 2); // anchors of the 14 x 14 grid come second, two a cell
    const anchorX = ((cell % 14) + 0.5) * 16;
    const anchorY = (Math.floor(cell / 14) + 0.5) * 16;
    expect(score).toBeCloseTo(1 / (1 + Math.exp(-row[0])), 4);
    expect(head.width).toBeCloseTo(row[3] / 224, 4);
    expect(head.x + head.width / 2).toBeCloseTo((anchorX + row[1]) / 224, 4);
    expect(head.y + head.height / 2).toBeCloseTo((anchorY + row[2]) / 224, 4);
    expect(square.x + square.width / 2).toBeCloseTo((anchorX + row[5]) / 224, 4);
    expect(square.y + square.height / 2).toBeCloseTo((anchorY + row[6]) / 224, 4);
    expect(square.height).toBeCloseTo((2.5 * Math.hypot(row[7] - row[5], row[8] - row[6])) / 224, 4);
  });
});

const unit: Region = { x: 0, y: 0, width: 1, height: 1 };

function picture(format: InputFormat): Float32Array {
  const size = format.sizePixels;
  const frame: Frame = {
    index: 0,
    timeSeconds: 0,
    widthPixels: size,
    heightPixels: size,
    data: testPicture(size),
    region: unit,
  };
  return cropSquare(frame, unit, format);
}

function concatenate(a: Float32Array, b: Float32Array): Float32Array {
  const both = new Float32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
