/**
 * Decoding beside the ffmpeg command line, and key points beside real time, one after the other.
 *
 *   npm run benchmark [-- VIDEO]
 *
 * Without VIDEO, the demonstration is enlarged to 1080p first, so that there is a person to follow.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openVideo } from '../packages/microaction/src/video/node.ts';
import { makeVideo, steadyTimes } from '../packages/microaction/test/testVideo.ts';

const frameCount = 180;
const rounds = 2;
const [width, height] = [1920, 1080];

const folder = await mkdtemp(join(tmpdir(), 'microaction-benchmark-'));
try {
  const video = process.argv[2] ?? (await enlarged(join(folder, 'person.mp4')));
  for (const benchmark of ['decode.ts', 'pose.ts']) {
    console.log(`\n== ${benchmark}`);
    const script = fileURLToPath(new URL(benchmark, import.meta.url));
    const { status } = spawnSync(process.execPath, [script, video], { stdio: 'inherit' });
    process.exitCode ||= status ?? 1;
  }
} finally {
  await rm(folder, { recursive: true });
}

/** The first six seconds of the demonstration, twice, in the middle of a 1080p picture. */
async function enlarged(path: string): Promise<string> {
  const source = fileURLToPath(new URL('../packages/microaction/assets/demonstration.mp4', import.meta.url));
  await using video = await openVideo(source);
  const { widthPixels, heightPixels } = video.info;
  const shown = Math.round((heightPixels * width) / height);
  const region = { x: Math.round((widthPixels - shown) / 2), y: 0, width: shown, height: heightPixels };
  const pictures: Uint8Array[] = [];
  for await (const { data } of video.frames({ region, widthPixels: width, heightPixels: height })) {
    pictures.push(yuv420(data));
    if (pictures.length === frameCount) break;
  }
  await makeVideo(path, {
    width,
    height,
    timesMs: steadyTimes(pictures.length * rounds, 30),
    encoderOptions: { preset: 'veryfast' },
    bitRate: 8_000_000,
    planes: (frame) => pictures[frame % pictures.length],
  });
  return path;
}

/** BT.601, limited range; chroma of the upper left pixel of four. */
function yuv420(rgb: Uint8Array): Uint8Array {
  const planes = new Uint8Array(width * height * 1.5);
  const quarter = (width * height) / 4;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const [r, g, b] = [rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]];
      planes[i] = 16 + 0.257 * r + 0.504 * g + 0.098 * b;
      if (x & 1 || y & 1) continue;
      const j = 4 * quarter + (y >> 1) * (width >> 1) + (x >> 1);
      planes[j] = 128 - 0.148 * r - 0.291 * g + 0.439 * b;
      planes[j + quarter] = 128 + 0.439 * r - 0.368 * g - 0.071 * b;
    }
  }
  return planes;
}
