/** What the browser's test asks a page to do: bundled, loaded as the page's script. Not part of the library. */
import { openOnnxRecogniser } from '../recognition/onnxRecogniser.ts';
import { recogniseClip } from '../recognition/recogniseClip.ts';
import { detectWithModel } from './detectWithModel.ts';
import { openOnnxDetector } from './onnxDetector.ts';
import { pictureVideo } from './toyTesting.ts';

const frameCount = 80;
const frameRate = 25;

export const inPage = {
  /** Draws a clip on a canvas, and finds in it what a detector says is there. Gives the pictures too, in base64. */
  async detect(base64: string) {
    await using detector = await openOnnxDetector(bytesOf(base64), { source: 'detector.onnx', threads: 1 });
    const { sizePixels } = detector.recipe.data;
    const pictures = Array.from({ length: frameCount }, (_, frame) => drawn(frame, sizePixels));
    const video = pictureVideo({ frameCount, frameRate, sizePixels, picture: (frame) => pictures[frame] });
    const { steps, frames } = firstWindow(pictures, detector.recipe.data);
    const { segments, scores } = await detector.propose(frames, steps, steps);
    const { instances } = await detectWithModel(video, detector, { minScore: 0 });
    return {
      pictures: pictures.map(textOf),
      segments: [...segments],
      scores: [...scores],
      instances,
      actions: detector.taxonomy.actions.map(({ name }) => name),
    };
  },

  /** Draws a clip on a canvas, and says what a recogniser sees in it. Gives the pictures too, in base64. */
  async recognise(base64: string) {
    await using recogniser = await openOnnxRecogniser(bytesOf(base64), { source: 'recogniser.onnx', threads: 1 });
    const { shortSidePixels: sizePixels } = recogniser.recipe.data;
    const pictures = Array.from({ length: frameCount }, (_, frame) => drawn(frame, sizePixels));
    const video = pictureVideo({ frameCount, frameRate, sizePixels, picture: (frame) => pictures[frame] });
    const { probabilities } = await recogniseClip(video, recogniser, { crops: 'ten' });
    return { pictures: pictures.map(textOf), probabilities: [...probabilities] };
  },
};

Object.assign(globalThis, { inPage });

/** The samples of a first window. → [3, steps, size, size] */
export function firstWindow(
  pictures: readonly Uint8Array[],
  data: { readonly frameStride: number; readonly windowSteps: number },
): { steps: number; frames: Uint8Array } {
  const { frameStride, windowSteps: steps } = data;
  const pixels = pictures[0].length / 3;
  const frames = new Uint8Array(3 * steps * pixels);
  for (let step = 0; step < steps; step++) {
    const picture = pictures[Math.min(step * frameStride, pictures.length - 1)];
    for (let i = 0; i < picture.length; i++) {
      frames[((i % 3) * steps + step) * pixels + Math.floor(i / 3)] = picture[i];
    }
  }
  return { steps, frames };
}

// ---- below: internals ----

/** A disc that hops over a slope of colours. [size, size, 3] */
function drawn(frame: number, sizePixels: number): Uint8Array {
  const canvas = new OffscreenCanvas(sizePixels, sizePixels);
  const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
  const slope = context.createLinearGradient(0, 0, sizePixels, sizePixels);
  slope.addColorStop(0, 'navy');
  slope.addColorStop(1, 'orange');
  context.fillStyle = slope;
  context.fillRect(0, 0, sizePixels, sizePixels);
  context.fillStyle = 'white';
  context.arc((frame * 0.9) % sizePixels, sizePixels * (0.6 - 0.3 * Math.abs(Math.sin(frame / 4))), 6, 0, 2 * Math.PI);
  context.fill();
  const { data } = context.getImageData(0, 0, sizePixels, sizePixels);
  return Uint8Array.from({ length: 3 * sizePixels ** 2 }, (_, i) => data[4 * Math.floor(i / 3) + (i % 3)]);
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
const textOf = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));
