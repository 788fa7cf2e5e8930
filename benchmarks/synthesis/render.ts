/**
 * Frames that one core draws in a second of its own time, motion blur and noise included, then with H.264 encoding,
 * beside an empty canvas read back (the floor) and the demonstration's ray-marched figure.
 *
 *   npx node benchmarks/synthesis/render.ts [CLIPS]
 *
 * The issue asks for 60 frames a second a core at 256 pixels.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { writeVideo } from '../../packages/microaction/src/files/writeVideo.ts';
import { renderClip } from '../../packages/microaction/src/synthesis/render/renderClip.ts';
import { simulateClip } from '../../packages/microaction/src/synthesis/simulateClip.ts';
import { planDataset } from '../../packages/microaction/src/synthesis/simulateDataset.ts';
import { frameAt, heightPixels, widthPixels } from '../../scripts/demonstration/frame.ts';

const clips = Number(process.argv[2] ?? 8);
const frameCount = 150;
const frameRate = 30;

const folder = mkdtempSync(join(tmpdir(), 'microaction-benchmark-'));
const plans = planDataset({ videos: clips, subjects: clips, seed: 1 }).map((plan) => ({ ...plan, frameCount }));
console.log(`machine  ${cpus()[0].model}, Node ${process.version}`);
console.log(`${clips} clips of ${frameCount} frames; times are of the processor, of all threads together`);
for (const size of [256, 512]) {
  console.log(`\n${size} x ${size} pixels`);
  const floor = report('empty canvas read back', await measure(frameCount, () => drawEmpty(size)));
  drawClips(size, 1); // compiled once
  const drawing = report('drawing', await measure(clips * frameCount, () => drawClips(size, clips)));
  const encoding = report('drawing and encoding', await measure(clips * frameCount, () => encodeClips(size)));
  const ratio = (a: number, b: number) => (a / b).toFixed(2);
  console.log(
    `drawing costs ${ratio(drawing, floor)} empty canvases, encoding and writing ${ratio(encoding - drawing, drawing)} of drawing`,
  );
}

console.log(`\nthe demonstration's figure, ${widthPixels} x ${heightPixels} pixels`);
report(
  'ray-marched',
  await measure(4, () => {
    for (let i = 0; i < 4; i++) frameAt(i);
  }),
);

rmSync(folder, { recursive: true });

// ---

/** Seconds of processor time a frame. */
async function measure(frames: number, run: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / frames;
}

function report(name: string, seconds: number): number {
  console.log(
    `${name.padEnd(24)} ${(1000 * seconds).toFixed(2).padStart(8)} ms a frame ${(1 / seconds).toFixed(1).padStart(8)} frames/s`,
  );
  return seconds;
}

function drawEmpty(size: number) {
  const context = createCanvas(size, size).getContext('2d');
  for (let i = 0; i < frameCount; i++) {
    context.fillRect(0, 0, size, size);
    context.getImageData(0, 0, size, size);
  }
}

/** Each clip's pictures, one after the other. */
function* pictures(size: number, count: number): Generator<Iterable<Uint8ClampedArray>> {
  for (const plan of plans.slice(0, count)) yield renderClip(simulateClip(plan, { seed: 1, sizePixels: size }));
}

function drawClips(size: number, count: number) {
  for (const clip of pictures(size, count)) for (const _ of clip);
}

async function encodeClips(size: number) {
  const options = { widthPixels: size, heightPixels: size, frameRate };
  for (const clip of pictures(size, clips)) await writeVideo(join(folder, 'clip.mp4'), clip, options);
}
