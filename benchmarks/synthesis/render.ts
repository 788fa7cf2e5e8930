/**
 * Frames that one core draws in a second of its own time, motion blur and noise included, then with H.264 encoding,
 * beside an empty canvas read back (the floor) and the demonstration's ray-marched figure.
 *
 *   node benchmarks/synthesis/render.ts [CLIPS]
 */
import { registerMediabunnyServer } from '@mediabunny/server';
import { createCanvas } from '@napi-rs/canvas';
import { BufferTarget, Mp4OutputFormat, Output, Quality, VideoSample, VideoSampleSource } from 'mediabunny';
import { neutralControls } from '../../packages/microaction/src/synthesis/body/controls.ts';
import { type Figure, sign, stand, withArms } from '../../packages/microaction/src/synthesis/body/figure.ts';
import { evenCurls, touch } from '../../packages/microaction/src/synthesis/body/hand.ts';
import { place } from '../../packages/microaction/src/synthesis/body/vector.ts';
import { Dice } from '../../packages/microaction/src/synthesis/dice.ts';
import { renderFrames } from '../../packages/microaction/src/synthesis/render/renderFrames.ts';
import { drawScene } from '../../packages/microaction/src/synthesis/render/scene.ts';
import { drawSubject, type Subject } from '../../packages/microaction/src/synthesis/subject.ts';
import { frameAt, heightPixels, widthPixels } from '../../scripts/demonstration/frame.ts';

const clips = Number(process.argv[2] ?? 8);
const frameCount = 150;
const frameRate = 30;

registerMediabunnyServer();
console.log(`${clips} clips of ${frameCount} frames; times are of the processor, of all threads together`);
for (const size of [256, 512]) {
  console.log(`\n${size} x ${size} pixels`);
  const floor = report('empty canvas read back', await measure(frameCount, () => drawEmpty(size)));
  await eachClip(size, 1, () => {}); // compiled once
  const drawing = report('drawing', await measure(clips * frameCount, () => eachClip(size, clips, () => {})));
  const encoding = report('drawing and encoding', await measure(clips * frameCount, () => encodeClips(size)));
  const ratio = (a: number, b: number) => (a / b).toFixed(2);
  console.log(
    `drawing costs ${ratio(drawing, floor)} empty canvases, encoding adds ${ratio(encoding - drawing, drawing)}`,
  );
}

console.log(`\nthe demonstration's figure, ${widthPixels} x ${heightPixels} pixels`);
report(
  'ray-marched',
  await measure(4, () => {
    for (let i = 0; i < 4; i++) frameAt(i);
  }),
);

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

type TakeFrame = (pixels: Uint8ClampedArray<ArrayBuffer>, index: number) => void | Promise<void>;

async function eachClip(size: number, count: number, take: TakeFrame) {
  for (let clip = 0; clip < count; clip++) {
    const subject = drawSubject(1, clip);
    const dice = new Dice(clip);
    const scene = drawScene(dice, subject, { widthPixels: size, heightPixels: size });
    const figureAt = (seconds: number) => moving(subject, seconds);
    let index = 0;
    for (const pixels of renderFrames(dice, subject, scene, { figureAt, frameCount, frameRate })) {
      await take(pixels, index++);
    }
  }
}

async function encodeClips(size: number) {
  const output = new Output({ format: new Mp4OutputFormat(), target: new BufferTarget() });
  const source = new VideoSampleSource({
    codec: 'avc',
    quality: new Quality({ quantizer: 24 }),
    hardwareAcceleration: 'prefer-software',
  });
  output.addVideoTrack(source, { frameRate });
  await output.start();
  let shown = 0;
  await eachClip(size, clips, async (pixels) => {
    const sample = new VideoSample(pixels, {
      format: 'RGBX',
      codedWidth: size,
      codedHeight: size,
      timestamp: shown++ / frameRate,
      duration: 1 / frameRate,
    });
    await source.add(sample);
    sample.close();
  });
  await output.finalize();
}

/** Rests for half of the time, then turns the head, leans and lifts a hand to the face and back. */
function moving(subject: Subject, seconds: number): Figure {
  const share = Math.max(0, Math.sin(2.5 * seconds)) ** 2;
  const controls = neutralControls();
  controls.head.yaw = 25 * share;
  controls.trunk.pitch = 6 * share + 0.4 * Math.sin(1.5 * seconds);
  const standing = stand(controls, subject.size);
  const hand = (side: 'left' | 'right', lift: number) =>
    touch(
      place(standing.pelvis, [sign(side) * 0.12, 0.12 + 0.5 * lift, 0.35 - 0.1 * lift]),
      'palm',
      {
        fingers: [0, lift, 1 - lift],
        palm: [0, lift - 1, -lift],
        elbow: [sign(side), -0.8, -0.3],
        curls: evenCurls(0.2),
        spread: 0.3,
      },
      side,
      subject.size,
    );
  return withArms(standing, { left: hand('left', 0), right: hand('right', share) });
}
