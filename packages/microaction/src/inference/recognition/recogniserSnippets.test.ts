import { compile, input, numbersOf } from 'onnxgrad';
import { expect, it } from 'vitest';
import { recogniserSnippets } from './recogniserSnippets.ts';
import { toyRecogniser, toyRecognition } from './toyRecogniserTesting.ts';

it('gives what the classifier judges by, of the frames that a test of the clip would sample', async () => {
  const model = toyRecogniser();
  await using snippets = await recogniserSnippets(model, toyRecognition, { clipFrames: 24 });
  const { sizePixels: side, channels } = snippets;
  expect({ side, channels }).toEqual({ side: 40, channels: 128 });
  const level = (channel: number, frame: number, pixel: number) => (channel * 70 + frame * 9 + pixel * 31) % 256;
  const clip = (frames: readonly number[]) =>
    Uint8Array.from(
      [0, 1, 2].flatMap((c) => frames.flatMap((f) => Array.from({ length: side ** 2 }, (_, p) => level(c, f, p)))),
    );
  const found = await snippets.features(clip(Array.from({ length: 24 }, (_, frame) => frame)));

  // Middles of eight parts of 24 frames.
  const frames = clip([1, 4, 7, 10, 13, 16, 19, 22]);
  const { features } = model.recognise(input('frames', [1, 3, 8, side, side], 'uint8'));
  const expected = numbersOf((await (await compile({ features })).run({ frames })).features);
  expect(Math.max(...expected)).toBeGreaterThan(0.01);
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 5);
});
