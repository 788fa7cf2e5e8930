// Draws the demonstration video: npx node scripts/demonstration/make.ts OUT.mp4
import { writeVideo } from '../../packages/microaction/src/files/writeVideo.ts';
import { frameAt, heightPixels, widthPixels } from './frame.ts';
import { durationSeconds } from './script.ts';

const frameRate = 30;

const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error('Usage: npx node scripts/demonstration/make.ts OUT.mp4');
  process.exit(2);
}

await writeVideo(path, frames(), { widthPixels, heightPixels, frameRate });

function* frames() {
  for (let i = 0; i < durationSeconds * frameRate; i++) {
    if (i % frameRate === 0) console.error(`${i / frameRate} of ${durationSeconds} s`);
    yield frameAt(i / frameRate);
  }
}
