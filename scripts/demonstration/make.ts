// Draws the demonstration video: npx node scripts/demonstration/make.ts OUT.mp4
import { registerMediabunnyServer } from '@mediabunny/server';
import { BufferTarget, Mp4OutputFormat, Output, Quality, VideoSample, VideoSampleSource } from 'mediabunny';
import { writeAtomically } from '../../packages/microaction/src/files/writeAtomically.ts';
import { frameAt, heightPixels, widthPixels } from './frame.ts';
import { durationSeconds } from './script.ts';

const frameRate = 30;

const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error('Usage: npx node scripts/demonstration/make.ts OUT.mp4');
  process.exit(2);
}

registerMediabunnyServer();
const target = new BufferTarget();
const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target });
const source = new VideoSampleSource({
  codec: 'avc',
  quality: new Quality({ quantizer: 24 }),
  keyFrameInterval: 4,
  // One encoder on every machine, so that the file does not depend on its graphics card.
  hardwareAcceleration: 'prefer-software',
});
output.addVideoTrack(source, { frameRate });
await output.start();
const frameCount = durationSeconds * frameRate;
for (let i = 0; i < frameCount; i++) {
  const sample = new VideoSample(frameAt(i / frameRate), {
    format: 'RGBX',
    codedWidth: widthPixels,
    codedHeight: heightPixels,
    timestamp: i / frameRate,
    duration: 1 / frameRate,
  });
  await source.add(sample);
  sample.close();
  if (i % frameRate === 0) console.error(`${i / frameRate} of ${durationSeconds} s`);
}
await output.finalize();
await writeAtomically(path, new Uint8Array(target.buffer!));
