import { restore } from '../quantised.ts';
import { lastAtOrBefore } from './curveView.ts';
import type { PageState } from './state.ts';

/** Where the person's key points are at a moment: straight between samples, nothing across a gap. */
export class Skeleton {
  readonly points: readonly string[];
  readonly #times: Float64Array;
  readonly #x: readonly Float64Array[];
  readonly #y: readonly Float64Array[];
  readonly #confidence: readonly Float64Array[];

  constructor({ data, poseTimes }: PageState) {
    const { points = [], x = [], y = [], confidence = [] } = data.pose ?? {};
    this.points = points;
    this.#times = poseTimes;
    this.#x = x.map(restore);
    this.#y = y.map(restore);
    this.#confidence = confidence.map(restore);
  }

  /** By name; only those that are known, in pixels of the video's frame. */
  at(seconds: number): Map<string, { x: number; y: number; confidence: number }> {
    const found = new Map<string, { x: number; y: number; confidence: number }>();
    const before = lastAtOrBefore(this.#times, seconds);
    const after = Math.min(before + 1, this.#times.length - 1);
    const from = Math.max(before, 0);
    const gap = this.#times[after] - this.#times[from];
    if (this.#times.length === 0 || gap > 0.5 || Math.abs(seconds - this.#times[from]) > 0.5) return found;
    const share = gap > 0 ? (seconds - this.#times[from]) / gap : 0;
    const between = (series: Float64Array) => series[from] + share * (series[after] - series[from]);
    this.points.forEach((name, k) => {
      const [x, y, confidence] = [between(this.#x[k]), between(this.#y[k]), between(this.#confidence[k])];
      if (Number.isFinite(x) && Number.isFinite(y)) found.set(name, { x, y, confidence });
    });
    return found;
  }
}

/** Draws the key points where the video's picture is shown inside its box. */
export function drawOverlay(canvas: HTMLCanvasElement, state: PageState, skeleton: Skeleton, seconds: number): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  const { widthPixels, heightPixels, bodyParts } = state.data;
  const zoom = Math.min(width / widthPixels, height / heightPixels);
  const left = (width - widthPixels * zoom) / 2;
  const top = (height - heightPixels * zoom) / 2;
  context.setTransform(ratio * zoom, 0, 0, ratio * zoom, ratio * left, ratio * top);
  const points = skeleton.at(seconds);
  // A dark edge below each line keeps it visible on any picture.
  for (const dark of [true, false]) {
    for (const { part, lines, dots } of limbs) {
      const hue = bodyParts[part]?.hue ?? '#ffffff';
      context.strokeStyle = context.fillStyle = dark ? 'rgb(0 0 0 / 0.65)' : hue;
      context.lineWidth = (dark ? 4.5 : 2) / zoom;
      context.lineCap = 'round';
      for (const [from, to] of lines) {
        const [a, b] = [points.get(from), points.get(to)];
        if (!a || !b || Math.min(a.confidence, b.confidence) < leastConfidence) continue;
        context.beginPath();
        context.moveTo(a.x, a.y);
        context.lineTo(b.x, b.y);
        context.stroke();
      }
      for (const name of dots) {
        const point = points.get(name);
        if (!point || point.confidence < leastConfidence) continue;
        context.beginPath();
        context.arc(point.x, point.y, (dark ? 4 : 2.75) / zoom, 0, 2 * Math.PI);
        context.fill();
      }
    }
  }
}

// ---- below: internals ----

const leastConfidence = 0.2;

const bothSides = (...names: string[]) =>
  ['left', 'right'].map((side) => names.map((name) => (name === 'nose' ? name : side + name)));

const chain = (names: string[]): [string, string][] => names.slice(1).map((name, i) => [names[i], name]);

/** Lines and dots in the hue of the body part that they are (its position in the built-in taxonomy). */
const limbs: { part: number; lines: [string, string][]; dots: string[] }[] = [
  {
    part: 0,
    lines: [['leftShoulder', 'rightShoulder'], ['leftHip', 'rightHip'], ...bothSides('Shoulder', 'Hip').flatMap(chain)],
    dots: [],
  },
  {
    part: 3,
    lines: [
      ...bothSides('Hip', 'Knee', 'Ankle', 'Heel', 'FootIndex').flatMap(chain),
      ...bothSides('Ankle', 'FootIndex').flatMap(chain),
    ],
    dots: bothSides('Knee', 'Ankle').flat(),
  },
  {
    part: 2,
    lines: [
      ...bothSides('Shoulder', 'Elbow', 'Wrist', 'Index').flatMap(chain),
      ...bothSides('Wrist', 'Pinky', 'Index').flatMap(chain),
      ...bothSides('Wrist', 'Thumb').flatMap(chain),
    ],
    dots: bothSides('Elbow', 'Wrist', 'Shoulder').flat(),
  },
  {
    part: 1,
    lines: [...bothSides('Ear', 'Eye', 'nose').flatMap(chain), ['mouthLeft', 'mouthRight']],
    dots: ['nose', ...bothSides('Eye', 'Ear').flat()],
  },
];
