import type { Detection } from '../inference/detection.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { bodyPartHue } from './bodyPartColours.ts';
import { type Quantised, quantise, stepFor } from './quantised.ts';

/** What the result page carries: plain data, the long series packed. */
export interface PageData {
  readonly title: string;
  readonly videoUrl: string;
  readonly model: string;
  readonly durationSeconds: number;
  readonly frameRate: number;
  readonly variableFrameRate: boolean;
  readonly hasAudio: boolean;
  readonly widthPixels: number;
  readonly heightPixels: number;
  readonly bodyParts: readonly { readonly code: string; readonly name: string; readonly hue: string }[];
  /** Those that occur. */
  readonly actions: readonly PageAction[];
  readonly instances: readonly PageInstance[];
  /** Absent where the detector followed nobody. */
  readonly pose?: {
    readonly points: readonly string[];
    readonly times: Quantised;
    /** One series a point, at the times. */
    readonly x: readonly Quantised[];
    readonly y: readonly Quantised[];
    readonly confidence: readonly Quantised[];
  };
  readonly curves: readonly { id: string; title: string; unit: string; values: Quantised }[];
}

export interface PageAction {
  readonly name: string;
  readonly code: string;
  /** Position in `bodyParts`. */
  readonly part: number;
  readonly description: string;
}

export interface PageInstance {
  /** Position in `actions`. */
  readonly action: number;
  readonly start: number;
  readonly end: number;
  readonly score: number;
  readonly reason: string;
  readonly curve?: string;
}

/** Instances keep a microsecond, key points 0.1 pixel and 0.1 ms, confidence 0.05, a curve 1/2000 of its range. */
export function pageData(
  { detection, videoUrl, title }: { detection: Detection; videoUrl: string; title: string },
  taxonomy: Taxonomy,
): PageData {
  const { info, pose } = detection;
  const names = [...new Set(detection.instances.map((instance) => taxonomy.get(instance.action).name))];
  return {
    title,
    videoUrl,
    model: detection.model,
    durationSeconds: info.durationSeconds,
    frameRate: info.frameRate,
    variableFrameRate: info.variableFrameRate,
    hasAudio: info.hasAudio,
    widthPixels: info.widthPixels,
    heightPixels: info.heightPixels,
    bodyParts: taxonomy.bodyParts.map(({ code, name }, position) => ({ code, name, hue: bodyPartHue(position) })),
    actions: names.map((name) => {
      const { code, bodyPart, description } = taxonomy.get(name);
      return { name, code, part: taxonomy.bodyParts.findIndex((part) => part.code === bodyPart), description };
    }),
    instances: detection.instances.map(({ action, start, end, score, reason, curve }) => ({
      action: names.indexOf(taxonomy.get(action).name),
      start: rounded(start, 6),
      end: rounded(end, 6),
      score: rounded(score, 4),
      reason,
      curve,
    })),
    pose: pose && {
      points: pose.points,
      times: quantise(pose.timesSeconds, 1e-4),
      x: perPoint(pose.x, pose.points.length, 0.1),
      y: perPoint(pose.y, pose.points.length, 0.1),
      confidence: perPoint(pose.confidence, pose.points.length, 0.05),
    },
    curves: detection.curves.map(({ id, title, unit, values }) => ({
      id,
      title,
      unit,
      values: quantise(values, stepFor(values, 2000)),
    })),
  };
}

/** JSON that may stand inside a script element, whatever its texts hold. */
export function scriptSafeJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}

// ---- below: internals ----

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

/** [T * K] to K series of T. */
function perPoint(values: Float32Array, pointCount: number, step: number): Quantised[] {
  return Array.from({ length: pointCount }, (_, k) =>
    quantise(
      Float32Array.from({ length: values.length / pointCount }, (_, t) => values[t * pointCount + k]),
      step,
    ),
  );
}
