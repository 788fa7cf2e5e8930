/** One action that the drawn person makes, as an annotator would write it down. */
export interface ScriptedAction {
  readonly action: string;
  readonly start: number;
  readonly end: number;
}

export const durationSeconds = 12;

/** What happens when: the truth that a detection of the video is compared with. */
export const script = [
  { action: 'nodding', start: 1.0, end: 2.5 },
  { action: 'turning head', start: 3.1, end: 4.7 },
  { action: 'touching nose', start: 5.2, end: 7.6 },
  { action: 'shaking legs', start: 5.5, end: 7.5 },
  { action: 'tilting head', start: 8.2, end: 9.5 },
  { action: 'sitting straightly', start: 9.6, end: 10.3 },
  { action: 'crossing arms', start: 10.5, end: 12.0 },
] as const satisfies readonly ScriptedAction[];

/** What moves, at one moment. All is 0 at rest. */
export interface Pose {
  /** Degrees: to the person's left, down, left ear down. */
  readonly head: { readonly yaw: number; readonly pitch: number; readonly roll: number };
  /** From a slouch (0) to upright (1). */
  readonly straightness: number;
  /** From the thigh (0) to the nose (1). */
  readonly rightHandToNose: number;
  /** From the thighs (0) to the folded arms (1). */
  readonly folding: number;
  readonly rightHeelMetres: number;
  /** Degrees, trunk to the person's left. */
  readonly swayDegrees: number;
  /** 0 breathed out, 1 breathed in. */
  readonly breath: number;
  /** 0 open, 1 shut. */
  readonly eyelids: number;
}

const blinks = [0.6, 3.25, 4.35, 6.1, 8.1, 9.6, 11.3];

export function poseAt(seconds: number): Pose {
  const [nod, turn, nose, leg, tilt, straighten, fold] = script;
  const drift = (hertz: number, phase: number) => Math.sin(2 * Math.PI * (hertz * seconds + phase));
  // The hand is at the nose from the scripted start to its end; the way there and back comes on top. The finger
  // pushes the nose a little aside.
  const toNose = visit(seconds, { start: nose.start - 0.5, end: nose.end + 0.5 }, 0.6);
  return {
    head: {
      yaw: 28 * visit(seconds, turn, 0.55) + 5 * toNose + 0.5 * drift(0.13, 0.1) + 0.3 * drift(0.31, 0.7),
      pitch: 18 * beats(seconds, nod, 3) + 0.4 * drift(0.17, 0.4),
      roll: 17 * visit(seconds, tilt, 0.55) + 0.4 * drift(0.11, 0.8),
    },
    straightness: ease(seconds, straighten.start, straighten.end),
    rightHandToNose: toNose,
    folding: ease(seconds, fold.start - 0.4, fold.start + 0.45),
    rightHeelMetres: 0.085 * beats(seconds, leg, 5),
    swayDegrees: 0.35 * drift(0.09, 0.2) + 0.15 * drift(0.23, 0.5),
    breath: 0.5 - 0.5 * drift(0.27, 0.25),
    eyelids: Math.max(...blinks.map((at) => Math.max(0, 1 - Math.abs(seconds - at) / 0.09))),
  };
}

// ---- below: internals ----

interface Span {
  readonly start: number;
  readonly end: number;
}

/** 0 before, 1 after, with neither a jerk at the start nor at the end. */
function ease(seconds: number, from: number, to: number): number {
  const u = Math.min(1, Math.max(0, (seconds - from) / (to - from)));
  return u * u * u * (10 - 15 * u + 6 * u * u);
}

/** 0 outside the span, 1 in its middle. */
function visit(seconds: number, { start, end }: Span, rampSeconds: number): number {
  return ease(seconds, start, start + rampSeconds) - ease(seconds, end - rampSeconds, end);
}

/** From 0 to 1 and back, `count` times in the span. */
function beats(seconds: number, { start, end }: Span, count: number): number {
  if (seconds <= start || seconds >= end) return 0;
  return 0.5 - 0.5 * Math.cos((2 * Math.PI * count * (seconds - start)) / (end - start));
}
