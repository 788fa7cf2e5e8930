/**
 * Key points without pictures, one thread: motion, 3D joints, what a pose network would see, files.
 *
 *   npx node benchmarks/synthesis/keyPoints.ts [VIDEOS]
 *
 * The issue asks for 20,000 frames a second a core. The floor beside it: the same bytes written to the same disk, and
 * nothing else done. Ten times the videos should take ten times as long: both are run.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeAtomically } from '../../packages/microaction/src/files/writeAtomically.ts';
import { packKeyPoints } from '../../packages/microaction/src/synthesis/output/keyPointFile.ts';
import { simulateClip } from '../../packages/microaction/src/synthesis/simulateClip.ts';
import { planDataset } from '../../packages/microaction/src/synthesis/simulateDataset.ts';
import { synthesize } from '../../packages/microaction/src/synthesis/synthesizeNode.ts';

const most = Number(process.argv[2] ?? 1000);
const folder = mkdtempSync(join(tmpdir(), 'microaction-benchmark-'));
try {
  console.log(`machine  ${cpus()[0].model}, one thread of Node ${process.version}`);
  for (const videos of [most / 10, most]) {
    const { planSeconds, seconds, frames, bytes } = await make(videos);
    const floor = await writeOnly(videos, bytes);
    const rate = Math.round(frames / seconds);
    console.log(
      `${String(videos).padStart(5)} videos, ${frames} frames: planned in ${planSeconds.toFixed(2)} s; ` +
        `${rate} frames/s; ` +
        `the same bytes alone ${Math.round(frames / floor)} frames/s, ratio ${(rate / (frames / floor)).toFixed(2)}`,
    );
  }
  const parts = partsOf(Math.min(most, 200));
  const total = Object.values(parts).reduce((sum, value) => sum + value);
  const list = Object.entries(parts).map(([name, value]) => `${name} ${value.toFixed(1)}`);
  console.log(`microseconds a frame: ${list.join(', ')}; ${total.toFixed(1)} in all`);
} finally {
  rmSync(folder, { recursive: true });
}

// ---

/** As the command does it, on one thread. */
async function make(videos: number) {
  const out = join(folder, String(videos));
  const request = { videos, subjects: Math.ceil(videos / 20), seed: 1, keyPointsOnly: true };
  const begin = performance.now();
  const frames = planDataset(request).reduce((sum, { frameCount }) => sum + frameCount, 0);
  const planSeconds = (performance.now() - begin) / 1000;
  let start = 0;
  for await (const _ of synthesize(out, request, { threads: 1 })) start ||= performance.now();
  const seconds = (performance.now() - start) / 1000;
  return { planSeconds, seconds, frames, bytes: frames * 1184 };
}

/** Seconds that the disk takes. */
async function writeOnly(files: number, bytes: number): Promise<number> {
  const content = new Uint8Array(Math.round(bytes / files));
  const begin = performance.now();
  for (let i = 0; i < files; i++) await writeAtomically(join(folder, 'floor.npz'), content);
  return (performance.now() - begin) / 1000;
}

function partsOf(videos: number): Record<string, number> {
  const parts = { motion: 0, 'key points': 0, 'file in memory': 0 };
  let frames = 0;
  const timed = <T>(part: keyof typeof parts, work: () => T): T => {
    const begin = performance.now();
    const result = work();
    parts[part] += (performance.now() - begin) * 1000;
    return result;
  };
  for (const plan of planDataset({ videos, subjects: Math.ceil(videos / 20), seed: 2 })) {
    const clip = timed('motion', () => simulateClip(plan, { seed: 2, sizePixels: 256 }));
    const joints = timed('motion', () => clip.joints());
    const track = timed('key points', () => clip.keyPoints(joints));
    timed('file in memory', () => packKeyPoints({ track, joints }));
    frames += plan.frameCount;
  }
  for (const part of Object.keys(parts) as (keyof typeof parts)[]) parts[part] /= frames;
  return parts;
}
