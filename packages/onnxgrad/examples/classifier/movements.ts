/** What the example tells apart: small movements of one key point, such as the tip of a nose, made up here. */
export const movements = ['still', 'nod', 'shake', 'tilt', 'tap'] as const;

/** Length of a track: a little over two seconds of video. */
export const frames = 64;
export const framesPerSecond = 30;

/** `tracks` is [count, 2, frames]: how far right and how far down the point is, in tenths of a face's height. */
export interface Motions {
  readonly tracks: Float32Array<ArrayBuffer>;
  /** Positions in `movements`, one a track. */
  readonly labels: readonly number[];
}

/** Numbers in [0, 1), the same ones for the same seed (SplitMix32). */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/**
 * Tracks of movements drawn at random. People sit where they sit and drift while they do, so a position tells little;
 * strength, speed, phase, direction and the moment vary, so no one frame tells much either.
 */
export function makeMotions(count: number, random: () => number): Motions {
  const tracks = new Float32Array(count * 2 * frames);
  const labels = Array.from({ length: count }, (_, i) => {
    const label = Math.floor(random() * movements.length);
    writeTrack(tracks.subarray(i * 2 * frames, (i + 1) * 2 * frames), label, random);
    return label;
  });
  return { tracks, labels };
}

// ---- below: internals ----

type Point = readonly [right: number, down: number];
type Movement = (seconds: number) => Point;

function writeTrack(track: Float32Array, label: number, random: () => number): void {
  const between = (low: number, high: number) => low + (high - low) * random();
  const movement = made[movements[label]](between);
  const turned = between(-0.25, 0.25); // nobody nods quite upright: radians
  const [cos, sin] = [Math.cos(turned), Math.sin(turned)];
  const seat: Point = [between(-1, 1), between(-1, 1)];
  const drift: Point = [between(-0.4, 0.4), between(-0.4, 0.4)];
  const shake = between(0.03, 0.12); // of the key-point detector
  for (let frame = 0; frame < frames; frame++) {
    const [right, down] = movement(frame / framesPerSecond);
    const turnedPoint: Point = [right * cos - down * sin, right * sin + down * cos];
    for (const axis of [0, 1]) {
      const noise = shake * (random() + random() + random() + random() - 2) * Math.sqrt(3);
      track[axis * frames + frame] = seat[axis] + (drift[axis] * frame) / frames + turnedPoint[axis] + noise;
    }
  }
}

type Between = (low: number, high: number) => number;

const made: Record<(typeof movements)[number], (between: Between) => Movement> = {
  still: () => () => [0, 0],
  nod: (between) => {
    const swing = swings(between);
    return (seconds) => [0, swing(seconds)];
  },
  shake: (between) => {
    const swing = swings(between);
    return (seconds) => [swing(seconds), 0];
  },
  /** Once aside along an arc, and back. */
  tilt: (between) => {
    const side = between(0.4, 1.1) * (between(-1, 1) < 0 ? -1 : 1);
    const [start, length] = [between(0, 0.6), between(0.9, 1.5)];
    return (seconds) => {
      const way = rise((seconds - start) / length);
      return [side * way, 0.3 * Math.abs(side) * way * way];
    };
  },
  /** Two to four short dips with rests between. */
  tap: (between) => {
    const depth = between(0.25, 1);
    const [start, pause] = [between(0.1, 0.7), between(0.3, 0.45)];
    const count = Math.floor(between(2, 5));
    return (seconds) => {
      const since = seconds - start;
      const nearest = Math.min(count - 1, Math.max(0, Math.round(since / pause)));
      return [0, depth * Math.exp(-(((since - nearest * pause) / 0.06) ** 2))];
    };
  },
};

/** One and a half to four swings about the middle, growing and dying away. */
function swings(between: Between): (seconds: number) => number {
  const strength = between(0.2, 1);
  const [start, length] = [between(0, 0.7), between(1, 1.4)];
  const [perSecond, phase] = [between(1.5, 2.9), between(0, 1)];
  return (seconds) =>
    strength * rise((seconds - start) / length) * Math.sin(2 * Math.PI * (perSecond * seconds + phase));
}

/** From 0 up to 1 and down to 0 again as the part of the way goes from 0 to 1. */
const rise = (part: number): number => (part <= 0 || part >= 1 ? 0 : Math.sin(Math.PI * part) ** 2);
