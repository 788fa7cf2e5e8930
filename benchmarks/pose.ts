/**
 * Key points of a person in a video: each network alone, and the whole way from the file to the points, beside the
 * time the video lasts.
 *
 *   npx node benchmarks/pose.ts VIDEO [--threads N]
 *
 * Networks alone: one picture after the other on one thread, median of the runs after warming up. The whole way:
 * opening, finding the person, decoding, both networks; loading the networks is timed apart.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { getFFmpegInfo } from 'node-av/lib';
import { blazePoseInput } from '../packages/microaction/src/pose/blazePose.ts';
import { estimatePose } from '../packages/microaction/src/pose/estimatePose.ts';
import { moveNetInput } from '../packages/microaction/src/pose/moveNet.ts';
import type { Network, PoseNetworks } from '../packages/microaction/src/pose/network.ts';
import { loadPoseNetworks } from '../packages/microaction/src/pose/onnxNode.ts';
import { detectorInput } from '../packages/microaction/src/pose/personDetector.ts';
import { cropSquare, type InputFormat } from '../packages/microaction/src/pose/squareCrop.ts';
import { openVideo } from '../packages/microaction/src/video/node.ts';

const { positionals, values } = parseArgs({ allowPositionals: true, options: { threads: { type: 'string' } } });
const [path] = positionals;
if (!path) {
  console.error('Usage: npx node benchmarks/pose.ts VIDEO [--threads N]');
  process.exit(2);
}
const threads = values.threads ? Number(values.threads) : availableParallelism();
const warmUpRuns = 3;
const runs = 20;
const sampleRates = [10, 15, 30];

const ortFile = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
const ortVersion = JSON.parse(readFileSync(ortFile, 'utf8')).version;
{
  await using video = await openVideo(path);
  const { codec, widthPixels, heightPixels, frameRate, durationSeconds } = video.info;
  const rate = frameRate.toFixed(2);
  console.log(`video    ${codec} ${widthPixels} x ${heightPixels}, ${rate} frames/s, ${durationSeconds.toFixed(2)} s`);
}
console.log(`machine  ${cpus()[0].model}, ${availableParallelism()} cores; ${threads} threads used`);
console.log(
  `versions Node ${process.version}, ONNX Runtime ${ortVersion}, FFmpeg libraries ${getFFmpegInfo().version}`,
);

console.log('\nnetwork, one thread      ms a picture');
{
  const networks = await loadPoseNetworks({ threads: 1 });
  await report('BlazePose detector', networks.detector, detectorInput);
  await report('MoveNet thunder', networks.moveNet, moveNetInput);
  await report('BlazePose full', networks.blazePose, blazePoseInput);
  await networks.dispose();
}

const loading = performance.now();
const networks = await loadPoseNetworks({ threads });
await wholeWay(networks, 1); // loads, warms up
console.log(`\nloading, first look      ${((performance.now() - loading) / 1000).toFixed(2)} s`);
console.log('\nfile to points           samples   ms a sample   x real time');
for (const sampleRate of sampleRates) {
  const { seconds, samples, durationSeconds } = await wholeWay(networks, sampleRate);
  const columns = [
    `${sampleRate} samples/s`.padEnd(20),
    `${samples}`.padStart(11),
    ((1000 * seconds) / samples).toFixed(1).padStart(13),
    (durationSeconds / seconds).toFixed(2).padStart(13),
  ];
  console.log(columns.join(' '));
}
await networks.dispose();

// ---

async function report(name: string, network: Network, format: InputFormat): Promise<void> {
  await using video = await openVideo(path);
  const { widthPixels: width, heightPixels: height, durationSeconds } = video.info;
  const side = Math.max(width, height);
  const frame = await video.frameAt(durationSeconds / 2, { longSidePixels: 2 * format.sizePixels });
  const image = cropSquare(frame, { x: (width - side) / 2, y: (height - side) / 2, width: side, height: side }, format);
  const times: number[] = [];
  for (let run = 0; run < warmUpRuns + runs; run++) {
    const start = performance.now();
    await network.run(image, 1);
    if (run >= warmUpRuns) times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const median = times[runs >> 1].toFixed(1).padStart(6);
  console.log(`${name.padEnd(24)} ${median}   (${times[0].toFixed(1)} to ${times[runs - 1].toFixed(1)})`);
}

async function wholeWay(networks: PoseNetworks, sampleRate: number) {
  const start = performance.now();
  await using video = await openVideo(path);
  const { moveNet } = await estimatePose(video, { networks, sampleRate });
  const { durationSeconds } = video.info;
  return { seconds: (performance.now() - start) / 1000, samples: moveNet.timesSeconds.length, durationSeconds };
}
