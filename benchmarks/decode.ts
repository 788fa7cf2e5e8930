/**
 * Decoding every frame of a video, resized to 256 pixels on the long side, beside the ffmpeg command line.
 *
 *   npx node benchmarks/decode.ts [VIDEO]
 *
 * Both do the same in turns, in the same run: decode, area-average, convert to RGB, throw away. Ours is timed from
 * opening the file, ffmpeg from starting the process. Without VIDEO, ten seconds of 1080p H.264 are made.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { getFFmpegInfo } from 'node-av/lib';
import { openVideo } from '../packages/microaction/src/video/node.ts';
import { makeVideo, steadyTimes } from '../packages/microaction/test/testVideo.ts';

const rounds = 5;
const longSidePixels = 256;

const folder = await mkdtemp(join(tmpdir(), 'microaction-benchmark-'));
try {
  const path = process.argv[2] ?? (await makeMovingDetail(join(folder, 'detail.mp4')));
  await compare(path);
} finally {
  await rm(folder, { recursive: true });
}

// ---

async function compare(path: string): Promise<void> {
  const ours = await runOurs(path); // The first run warms up.
  const ffmpegVersion = spawnSync('ffmpeg', ['-version'], { encoding: 'utf8' }).stdout?.match(/version (\S+)/)?.[1];
  console.log(`video    ${ours.description}`);
  console.log(`machine  ${cpus()[0].model}, ${availableParallelism()} threads, Node ${process.version}`);

  const seconds: { ours: number[]; ffmpeg: number[] } = { ours: [], ffmpeg: [] };
  for (let round = 0; round < rounds; round++) {
    if (ffmpegVersion !== undefined) seconds.ffmpeg.push(runFfmpeg(path, ours.size));
    seconds.ours.push((await runOurs(path)).seconds);
  }
  const rate = (values: number[]) => ours.frames / median(values);
  console.log(`ours     ${report(rate, seconds.ours)}  FFmpeg libraries ${getFFmpegInfo().version}`);
  if (ffmpegVersion === undefined) {
    console.log('ffmpeg   not installed: nothing to compare with');
    return;
  }
  console.log(`ffmpeg   ${report(rate, seconds.ffmpeg)}  version ${ffmpegVersion}`);
  const ratios = seconds.ours.map((value, round) => seconds.ffmpeg[round] / value);
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)].map((value) => value.toFixed(2));
  console.log(`ratio    ${median(ratios).toFixed(2)}  (median of rounds; ${least} to ${most}; at least 0.8 is asked)`);
}

async function runOurs(path: string) {
  const start = performance.now();
  await using video = await openVideo(path);
  let frames = 0;
  let size = { width: 0, height: 0 };
  for await (const { widthPixels, heightPixels } of video.frames({ longSidePixels })) {
    frames++;
    size = { width: widthPixels, height: heightPixels };
  }
  const { info } = video;
  const description = `${info.codec} ${info.widthPixels} x ${info.heightPixels}, ${frames} frames, to ${size.width} x ${size.height}`;
  return { seconds: (performance.now() - start) / 1000, frames, size, description };
}

function runFfmpeg(path: string, { width, height }: { width: number; height: number }): number {
  const start = performance.now();
  const filter = `scale=${width}:${height}:flags=area`;
  const output = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-y', process.platform === 'win32' ? 'NUL' : '/dev/null'];
  const { status, stderr } = spawnSync(
    'ffmpeg',
    ['-v', 'error', '-nostdin', '-i', path, '-an', '-vf', filter, '-fps_mode', 'passthrough', ...output],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`ffmpeg failed: ${stderr}`);
  return (performance.now() - start) / 1000;
}

/** Ten seconds of 1080p with texture, drifting, about 8 Mbit/s. */
async function makeMovingDetail(path: string): Promise<string> {
  const [width, height, margin] = [1920, 1080, 256];
  const texture = new Uint8Array((width + margin) * (height + margin));
  for (let i = 0; i < texture.length; i++) {
    const x = i % (width + margin);
    const y = Math.floor(i / (width + margin));
    const grain = (Math.imul(i, 2654435761) >>> 24) / 16;
    texture[i] = 120 + 50 * Math.sin(x / 17 + Math.sin(y / 29)) + 40 * Math.sin(y / 7 - x / 61) + grain;
  }
  const planes = new Uint8Array(width * height * 1.5).fill(128);
  await makeVideo(path, {
    width,
    height,
    timesMs: steadyTimes(300, 30),
    bFrames: 2,
    framesPerKey: 60,
    encoderOptions: { preset: 'veryfast' },
    bitRate: 8_000_000,
    planes(frame) {
      const left = Math.round(margin * (0.5 + 0.5 * Math.sin(frame / 20)));
      const top = Math.round(margin * (0.5 + 0.5 * Math.cos(frame / 33)));
      for (let y = 0; y < height; y++) {
        const from = (top + y) * (width + margin) + left;
        planes.set(texture.subarray(from, from + width), y * width);
      }
      return planes;
    },
  });
  return path;
}

function report(rate: (values: number[]) => number, seconds: number[]): string {
  const fps = (value: number) => rate([value]).toFixed(0);
  return `${rate(seconds).toFixed(0)} frames/s (median of ${seconds.length}; ${fps(Math.max(...seconds))} to ${fps(Math.min(...seconds))})`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
