import { compile } from 'onnxgrad';
import type { MotionClassifier } from '../model.ts';
import { frames, framesPerSecond, movements } from '../movements.ts';
import { sharesOf } from '../train.ts';
import { byId, html } from './element.ts';

/** Pixels that stand for a tenth of a face's height: how far the pointer has to go. */
const pixelsPerUnit = 45;

/**
 * Lets the pointer do the movements: its last two seconds are a track, which the model is asked about all the time.
 * Gives what stops it.
 */
export async function startPad(model: MotionClassifier): Promise<() => Promise<void>> {
  const program = await compile({ shares: sharesOf(model, 1) }, { threads: 1 });
  const pad = byId<HTMLCanvasElement>('pad');
  const recent: Point[] = [];
  let pointer: Point | null = null;
  const follow = ({ offsetX, offsetY }: PointerEvent) => (pointer = [offsetX, offsetY]);
  pad.addEventListener('pointermove', follow);

  let running: Promise<void> | null = null;
  const timer = setInterval(() => {
    if (!pointer) return;
    recent.push(pointer);
    if (recent.length > frames) recent.shift();
    drawPath(pad, recent);
    // A pointer that just came has been where it is.
    const track = trackOf([...Array.from({ length: frames - recent.length }, () => recent[0]), ...recent]);
    running ??= program.run({ tracks: track }).then(({ shares }) => {
      showShares(shares.data as Float32Array);
      running = null;
    });
  }, 1000 / framesPerSecond);

  return async () => {
    clearInterval(timer);
    pad.removeEventListener('pointermove', follow);
    await running;
    await program.dispose();
  };
}

/** A bar for each movement. */
export function showShares(shares: Float32Array): void {
  byId('shares').replaceChildren(
    ...movements.map((name, i) =>
      html(
        'div',
        { class: 'share' },
        html('span', {}, name),
        html('meter', { value: shares[i], 'aria-label': name }),
        html('span', {}, `${Math.round(shares[i] * 100)} %`),
      ),
    ),
  );
}

// ---- below: internals ----

type Point = readonly [x: number, y: number];

/** [1, 2, frames], about the middle of the path. */
function trackOf(path: readonly Point[]): Float32Array {
  const track = new Float32Array(2 * frames);
  for (const axis of [0, 1] as const) {
    const middle = path.reduce((sum, point) => sum + point[axis], 0) / frames;
    for (const [frame, point] of path.entries()) track[axis * frames + frame] = (point[axis] - middle) / pixelsPerUnit;
  }
  return track;
}

function drawPath(pad: HTMLCanvasElement, path: readonly Point[]): void {
  const scale = devicePixelRatio;
  pad.width = pad.clientWidth * scale;
  pad.height = pad.clientHeight * scale;
  const context = pad.getContext('2d') as CanvasRenderingContext2D;
  context.scale(scale, scale);
  context.strokeStyle = getComputedStyle(pad).color;
  context.lineWidth = 2;
  for (let i = 1; i < path.length; i++) {
    context.globalAlpha = i / path.length;
    context.beginPath();
    context.moveTo(...path[i - 1]);
    context.lineTo(...path[i]);
    context.stroke();
  }
}
