/**
 * Preparing a video for the studio (frame times, motion, sound, thumbnail) and writing a copy that browsers play, as
 * times of real time, beside the ffmpeg command line doing comparable work.
 *
 *   npx node benchmarks/studio/media.ts [VIDEO]
 *
 * Both run in turns. Ours is timed from opening the file, ffmpeg from starting the process. ffmpeg decodes as we do,
 * makes as many grey pictures of the same size and samples of sound, and throws them away; or encodes with the same
 * settings of x264. Without VIDEO, 20 seconds of 1280 x 720 with sound are made: H.264 of 3 Mbit/s in Matroska.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { getFFmpegInfo } from 'node-av/lib';
import { addSound, makeVideo, steadyTimes } from '../../packages/studio/src/server/media/mediaTesting.ts';
import { motionLongSidePixels } from '../../packages/studio/src/server/media/motion.ts';
import { prepareVideo } from '../../packages/studio/src/server/media/prepare.ts';
import { type ProbedVideo, probeVideo } from '../../packages/studio/src/server/media/probe.ts';
import { writeProxy } from '../../packages/studio/src/server/media/proxy.ts';

const rounds = 5;
const ffmpegVersion = spawnSync('ffmpeg', ['-version'], { encoding: 'utf8' }).stdout?.match(/version (\S+)/)?.[1];

const folder = await mkdtemp(join(tmpdir(), 'microaction-benchmark-'));
try {
  const path = process.argv[2] ?? (await makeInterview(join(folder, 'interview.mkv')));
  const facts = await probeVideo(path);
  const size = ((await stat(path)).size * 8) / facts.durationSeconds / 1e6;
  console.log(
    `video    ${facts.codec} ${facts.widthPixels} x ${facts.heightPixels} in ${facts.container}, ${facts.durationSeconds.toFixed(1)} s, ${facts.frameCount} frames, ${size.toFixed(1)} Mbit/s`,
  );
  console.log(`machine  ${cpus()[0].model}, ${availableParallelism()} threads, Node ${process.version}`);
  console.log(
    `FFmpeg   libraries ${getFFmpegInfo().version}, command line ${ffmpegVersion ?? 'not installed: nothing to compare with'}`,
  );
  const { motionRate } = await prepareVideo(path, folder); // warms up
  await compare('prepare', facts, () => prepareVideo(path, folder), prepareArguments(path, facts, motionRate));
  const proxy = join(folder, 'proxy.mp4');
  await compare('proxy', facts, () => writeProxy(path, proxy), proxyArguments(path, facts, join(folder, 'ffmpeg.mp4')));
  const memory = process.resourceUsage().maxRSS / 1024;
  console.log(`memory   ${memory.toFixed(0)} MB at most, of the whole process`);
} finally {
  await rm(folder, { recursive: true });
}

// ---

async function compare(name: string, facts: ProbedVideo, run: () => Promise<unknown>, ffmpeg: string[]): Promise<void> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    if (ffmpegVersion !== undefined) theirs.push(runFfmpeg(ffmpeg));
    const start = performance.now();
    await run();
    ours.push((performance.now() - start) / 1000);
  }
  console.log(`\n${name}`);
  report('ours', facts, ours);
  if (ffmpegVersion === undefined) return;
  report('ffmpeg', facts, theirs);
  const ratios = ours.map((seconds, round) => theirs[round] / seconds);
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(2));
  console.log(`  ratio    ${median(ratios).toFixed(2)} of ffmpeg's speed (median of rounds; ${least} to ${most})`);
}

function report(name: string, { durationSeconds }: ProbedVideo, seconds: readonly number[]): void {
  const times = (value: number) => (durationSeconds / value).toFixed(1);
  const tenMinutes = ((600 / durationSeconds) * median(seconds)).toFixed(0);
  console.log(
    `  ${name.padEnd(8)} ${times(median(seconds))} times real time (median of ${seconds.length}; ${times(Math.max(...seconds))} to ${times(Math.min(...seconds))}); ten minutes in ${tenMinutes} s`,
  );
}

function prepareArguments(
  path: string,
  { widthPixels, heightPixels, hasAudio }: ProbedVideo,
  motionRate: number,
): string[] {
  const side = widthPixels >= heightPixels ? `${motionLongSidePixels}:-1` : `-1:${motionLongSidePixels}`;
  const nowhere = process.platform === 'win32' ? 'NUL' : '/dev/null';
  const pictures = [
    '-map',
    '0:v:0',
    '-vf',
    `fps=${motionRate},scale=${side}:flags=area,format=gray`,
    '-f',
    'rawvideo',
    nowhere,
  ];
  return ['-i', path, ...pictures, ...(hasAudio ? ['-map', '0:a:0', '-f', 'f32le', nowhere] : [])];
}

function proxyArguments(path: string, { widthPixels, heightPixels }: ProbedVideo, output: string): string[] {
  const side = widthPixels >= heightPixels ? "'min(1280,iw)':-2" : "-2:'min(1280,ih)'";
  const keys = ['-force_key_frames', 'expr:gte(t,n_forced*0.5)', '-forced-idr', '1', '-g', '100000', '-bf', '0'];
  const pictures = [
    '-vf',
    `scale=${side}:flags=area,format=yuv420p`,
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-crf',
    '22',
    ...keys,
  ];
  return [
    '-i',
    path,
    ...pictures,
    '-fps_mode',
    'passthrough',
    '-c:a',
    'aac',
    '-b:a',
    '128k',
    '-movflags',
    '+faststart',
    output,
  ];
}

/** Seconds. */
function runFfmpeg(args: string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ffmpeg failed: ${stderr}`);
  return (performance.now() - start) / 1000;
}

/** A textured background, a body that sways before it, the noise of a camera, and something like speech. */
async function makeInterview(path: string): Promise<string> {
  const [width, height, seconds, frameRate] = [1280, 720, 20, 30];
  const still = new Uint8Array(width * height);
  for (let i = 0; i < still.length; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    still[i] = 120 + 40 * Math.sin(x / 17 + Math.sin(y / 29)) + 30 * Math.sin(y / 7 - x / 61);
  }
  const noise = Int8Array.from({ length: 1 << 16 }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 24) / 32 - 4);
  const planes = new Uint8Array(width * height * 1.5).fill(128);
  const silent = `${path}.mp4`;
  await makeVideo(silent, {
    width,
    height,
    timesMs: steadyTimes(seconds * frameRate, frameRate),
    bFrames: 2,
    framesPerKey: 60,
    encoderOptions: { preset: 'veryfast' },
    bitRate: 3_000_000,
    planes(frame) {
      const sway = Math.round(20 * Math.sin(frame / 20));
      for (let i = 0, grain = (frame * 7919) & 65535; i < still.length; i++, grain = (grain + 1) & 65535) {
        const x = i % width;
        planes[i] = still[x > 400 && x < 880 ? i + sway : i] + noise[grain];
      }
      return planes;
    },
  });
  const level = (at: number) => 0.3 * Math.sin(6 * at) ** 2 * Math.sin(2 * Math.PI * 180 * at);
  await addSound(silent, path, { codec: 'aac', channels: 2, seconds, level });
  return path;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
