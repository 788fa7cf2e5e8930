import { describe, expect, it } from 'vitest';
import { clipViews, viewBoxes, viewFrames } from './views.ts';

const size = { widthPixels: 256, heightPixels: 307 };
const corner = ({ left, top, width, height }: { left: number; top: number; width: number; height: number }) => [
  left,
  top,
  width,
  height,
];

describe('the parts of pictures that a test looks at', () => {
  it('are the middle', () => {
    const views = viewBoxes(size, { kind: 'centre', part: 224 / 256 });
    expect(views.map(({ box, flipped }) => [...corner(box), flipped])).toEqual([[16, 41, 224, 224, false]]);
  });

  it('are three squares along the long side, whichever that is', () => {
    const boxes = viewBoxes(size, { kind: 'three' }).map(({ box }) => corner(box));
    expect(boxes).toEqual([
      [0, 0, 256, 256],
      [0, 50, 256, 256],
      [0, 25, 256, 256],
    ]);
    const lying = viewBoxes({ widthPixels: 307, heightPixels: 256 }, { kind: 'three' }).map(({ box }) => corner(box));
    expect(lying).toEqual(boxes.map(([left, top, ...sides]) => [top, left, ...sides]));
  });

  it('are four corners and the middle, and each the other way round', () => {
    const views = viewBoxes(size, { kind: 'ten', part: 224 / 256 });
    expect(views.map(({ flipped }) => flipped)).toEqual(Array.from({ length: 10 }, (_, i) => i % 2 === 1));
    expect(views.filter(({ flipped }) => !flipped).map(({ box }) => corner(box))).toEqual([
      [0, 0, 224, 224],
      [32, 0, 224, 224],
      [0, 80, 224, 224],
      [32, 80, 224, 224],
      [16, 40, 224, 224],
    ]);
  });
});

describe('the frames that a test looks at', () => {
  it('are the middles of segments first, then their beginnings, then what lies between', () => {
    const sampling = { kind: 'segments', segments: 4 } as const;
    expect(viewFrames(40, sampling, 2).map((frames) => [...frames])).toEqual([
      [5, 15, 25, 35],
      [0, 10, 20, 30],
    ]);
    expect(viewFrames(40, sampling, 4).map(([first]) => first)).toEqual([5, 7, 0, 2]);
  });

  it('are stretches spread over the clip', () => {
    const sampling = { kind: 'dense', frames: 3, strideFrames: 2 } as const;
    expect(viewFrames(15, sampling, 2).map((frames) => [...frames])).toEqual([
      [2, 4, 6],
      [7, 9, 11],
    ]);
  });
});

it('views are all parts of the pictures of all samples of frames', () => {
  const sampling = { kind: 'dense', frames: 32, strideFrames: 2 } as const;
  const views = clipViews({ frames: 60, ...size }, { sampling, clips: 10, crops: { kind: 'three' } });
  expect(views.length).toBe(30);
  expect(views[2].frames).toEqual(views[0].frames);
  expect(views.every(({ frames }) => frames.length === 32 && frames.every((frame) => frame < 60))).toBe(true);
});
