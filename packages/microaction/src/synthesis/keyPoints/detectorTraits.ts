import type { BodyPoint } from '../../pose/poseTrack.ts';

/**
 * How the pose networks see one kind of point. Errors are standard deviations of each coordinate, in shoulder widths
 * of the picture.
 */
export interface Traits {
  readonly points: readonly BodyPoint[];
  /** From frame to frame. */
  readonly jitter: number;
  /** What comes and goes over seconds. */
  readonly wander: number;
  /** What stays for the whole clip. */
  readonly offset: number;
  /** Confidence when in plain view: its mean over clips and its standard deviation between them. */
  readonly seen: readonly [mean: number, deviation: number];
  /** Confidence when something stands before it. */
  readonly hidden: number;
  /**
   * The point whose errors and confidence these share, one for all or one each: corners of eyes and mouth keep to what
   * they are corners of, fingers to their wrist. Then errors are on top of its own, and `seen` is a share of its own.
   */
  readonly carriers?: readonly BodyPoint[];
}

const both = (...names: readonly string[]) =>
  names.flatMap((name) => [`left${name}`, `right${name}`]) as readonly BodyPoint[];

/**
 * Jitter and confidence as the pose module's fused track shows them on real clips of seated people 180 to 220 px
 * across the shoulders (robust deviation of third differences; medians over the clips): 0.2 to 0.9 px of the head,
 * 0.2 to 0.4 of shoulders, 0.4 to 1 of wrists, knees and feet; head points at 0.4 to 0.8 (MoveNet), hips and shoulders
 * at 1, hands at 0.7 to 0.96. Wander and offset cannot be told without the truth: they are set to what is seen to
 * creep in parts that rest.
 */
export const traits: readonly Traits[] = [
  { points: ['nose'], jitter: 0.0035, wander: 0.005, offset: 0.02, seen: [0.6, 0.12], hidden: 0.22 },
  { points: both('Eye'), jitter: 0.003, wander: 0.005, offset: 0.015, seen: [0.6, 0.07], hidden: 0.22 },
  { points: both('Ear'), jitter: 0.0025, wander: 0.006, offset: 0.02, seen: [0.68, 0.09], hidden: 0.2 },
  { points: both('Shoulder'), jitter: 0.0018, wander: 0.004, offset: 0.02, seen: [0.995, 0.003], hidden: 0.97 },
  { points: both('Elbow'), jitter: 0.0028, wander: 0.006, offset: 0.025, seen: [0.965, 0.02], hidden: 0.55 },
  { points: both('Wrist'), jitter: 0.003, wander: 0.006, offset: 0.02, seen: [0.92, 0.05], hidden: 0.5 },
  { points: both('Hip'), jitter: 0.0025, wander: 0.008, offset: 0.04, seen: [0.995, 0.003], hidden: 0.97 },
  { points: both('Knee'), jitter: 0.0035, wander: 0.006, offset: 0.03, seen: [0.98, 0.01], hidden: 0.9 },
  { points: both('Ankle'), jitter: 0.0025, wander: 0.006, offset: 0.025, seen: [0.97, 0.015], hidden: 0.75 },
  {
    points: both('EyeInner', 'EyeOuter'),
    carriers: both('Eye', 'Eye'),
    jitter: 0.0004,
    wander: 0.001,
    offset: 0.005,
    seen: [1, 0],
    hidden: 0.22,
  },
  {
    points: ['mouthLeft', 'mouthRight'],
    carriers: ['nose', 'nose'],
    jitter: 0.0007,
    wander: 0.002,
    offset: 0.01,
    seen: [1, 0],
    hidden: 0.22,
  },
  {
    points: both('Pinky', 'Index'),
    carriers: both('Wrist', 'Wrist'),
    jitter: 0.0012,
    wander: 0.004,
    offset: 0.015,
    seen: [0.93, 0.02],
    hidden: 0.44,
  },
  {
    points: both('Thumb'),
    carriers: both('Wrist'),
    jitter: 0.0012,
    wander: 0.004,
    offset: 0.015,
    seen: [0.9, 0.02],
    hidden: 0.42,
  },
  {
    points: both('Heel'),
    carriers: both('Ankle'),
    jitter: 0.0015,
    wander: 0.004,
    offset: 0.02,
    seen: [0.93, 0.025],
    hidden: 0.65,
  },
  {
    points: both('FootIndex'),
    carriers: both('Ankle'),
    jitter: 0.0018,
    wander: 0.004,
    offset: 0.02,
    seen: [0.995, 0.01],
    hidden: 0.75,
  },
];
