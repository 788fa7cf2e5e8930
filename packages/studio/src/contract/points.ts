import { type BodyPoint, bodyPoints, type PoseTrack, UserError } from 'microaction';

/*
 * The key points of a person, small enough to send to a browser: 5 bytes a point.
 *
 *   offset  content, little-endian
 *   0       'PTS1'
 *   4       u32   times T
 *   8       u16   points K
 *   10      u16   width of the displayed frame in pixels
 *   12      u16   height
 *   14      u16   0
 *   16      f64   [T] seconds
 *           u16   [T, K] x: from one width left of the frame to one width right of it; 65535 where not found
 *           u16   [T, K] y: likewise
 *           u8    [T, K] visibility, 0 to 1 as 0 to 255
 *           u8    [K] which point of `bodyPoints`
 */

/**
 * A pose track as bytes. Positions keep within 1/40,000 of the frame's width or height, visibility within 1/510; what
 * lies farther out than one frame is moved to there.
 */
export function encodePoints(pose: PoseTrack): Uint8Array<ArrayBuffer> {
  const { points, timesSeconds, x, y, confidence, widthPixels, heightPixels } = pose;
  const at = layout(timesSeconds.length, points.length);
  const bytes = new Uint8Array(at.end);
  const view = new DataView(bytes.buffer);
  bytes.set(magic);
  view.setUint32(4, timesSeconds.length, true);
  view.setUint16(8, points.length, true);
  view.setUint16(10, widthPixels, true);
  view.setUint16(12, heightPixels, true);
  timesSeconds.forEach((seconds, i) => {
    view.setFloat64(at.times + 8 * i, seconds, true);
  });
  for (let i = 0; i < x.length; i++) {
    view.setUint16(at.x + 2 * i, quantised(x[i], widthPixels), true);
    view.setUint16(at.y + 2 * i, quantised(y[i], heightPixels), true);
    bytes[at.visibility + i] = Math.round(255 * Math.min(1, Math.max(0, confidence[i] || 0)));
  }
  points.forEach((point, k) => {
    bytes[at.points + k] = bodyPoints.indexOf(point);
  });
  return bytes;
}

/**
 * The pose track that `encodePoints` was given, as finely as it was kept.
 *
 * @throws UserError `bad-points` for bytes that are something else, or not whole
 */
export function decodePoints(bytes: Uint8Array): PoseTrack {
  if (bytes.length < headerBytes || magic.some((byte, i) => bytes[i] !== byte)) {
    throw badPoints(`found ${bytes.length} bytes that do not begin with PTS1`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const times = view.getUint32(4, true);
  const count = view.getUint16(8, true);
  const at = layout(times, count);
  if (bytes.length !== at.end) throw badPoints(`found ${bytes.length} bytes, expected ${at.end}`);
  const widthPixels = view.getUint16(10, true);
  const heightPixels = view.getUint16(12, true);
  const number = times * count;
  return {
    points: Array.from(bytes.subarray(at.points), pointNumbered),
    timesSeconds: Float64Array.from({ length: times }, (_, i) => view.getFloat64(at.times + 8 * i, true)),
    x: Float32Array.from({ length: number }, (_, i) => restored(view.getUint16(at.x + 2 * i, true), widthPixels)),
    y: Float32Array.from({ length: number }, (_, i) => restored(view.getUint16(at.y + 2 * i, true), heightPixels)),
    confidence: Float32Array.from({ length: number }, (_, i) => bytes[at.visibility + i] / 255),
    widthPixels,
    heightPixels,
  };
}

// ---- below: internals ----

const magic = new TextEncoder().encode('PTS1');
const headerBytes = 16;
const notFound = 65_535;
const steps = notFound - 1;

/** Where each part begins. */
function layout(times: number, points: number) {
  const x = headerBytes + 8 * times;
  const [y, visibility, names, end] = [2, 4, 5, 5].map((bytes) => x + bytes * times * points);
  return { times: headerBytes, x, y, visibility, points: names, end: end + points };
}

/** -1 to 2 frame sides as 0 to `steps`. */
function quantised(pixels: number, sidePixels: number): number {
  if (Number.isNaN(pixels)) return notFound;
  return Math.min(steps, Math.max(0, Math.round(((pixels / sidePixels + 1) / 3) * steps)));
}

const restored = (value: number, sidePixels: number) =>
  value === notFound ? Number.NaN : ((value / steps) * 3 - 1) * sidePixels;

function pointNumbered(number: number): BodyPoint {
  const point = bodyPoints[number];
  if (point === undefined) throw badPoints(`found point ${number}, expected 0 to ${bodyPoints.length - 1}`);
  return point;
}

const badPoints = (what: string) =>
  new UserError('bad-points', `These are not key points of the studio: ${what}. Run the detection again.`);
