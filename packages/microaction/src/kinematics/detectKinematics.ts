import { compareInstances } from '../annotation/dataset.ts';
import type { DetectedInstance, MotionCurve } from '../inference/detection.ts';
import type { PoseTrack } from '../pose/poseTrack.ts';
import type { Finding, Rule } from './finding.ts';
import { type Measurements, measure } from './measurements.ts';
import { bodyRule } from './rules/body.ts';
import { bodyHandRule } from './rules/bodyHand.ts';
import { headRule } from './rules/head.ts';
import { headHandRule } from './rules/headHand.ts';
import { legHandRule } from './rules/legHand.ts';
import { lowerLimbRule } from './rules/lowerLimb.ts';
import { upperLimbRule } from './rules/upperLimb.ts';

/** One rule a body part, in the order of the taxonomy. */
const rules = {
  A: bodyRule,
  B: headRule,
  C: upperLimbRule,
  D: lowerLimbRule,
  E: bodyHandRule,
  F: headHandRule,
  G: legHandRule,
} as const satisfies Record<string, Rule>;

type Part = keyof typeof rules;

/**
 * Names the micro-actions in a person's key points by geometry and motion alone, without training.
 *
 * @param smooth the fused track, gaps filled and smoothed
 * @param raw the fused track as the networks gave it, at the same times: tells the clip's noise
 * @returns instances of the 52 micro-actions, in order; and the curves that they point to
 */
export function detectKinematics(
  smooth: PoseTrack,
  raw: PoseTrack,
): { instances: DetectedInstance[]; curves: MotionCurve[] } {
  const m = measure(smooth, raw);
  const found = new Map<Part, Finding[]>();
  for (const [part, rule] of Object.entries(rules)) found.set(part as Part, rule(m));
  const settled = settle(found, m);
  const instances = settled.map((finding): DetectedInstance => instanceOf(finding, m)).sort(compareInstances);
  const used = new Set(instances.map(({ curve }) => curve));
  const curves = [...m.channels.values()]
    .filter(({ id }) => used.has(id))
    .map(({ id, title, unit, values }): MotionCurve => ({ id, title, unit, values }));
  return { instances, curves };
}

// ---- below: internals ----

/** A point that jumps from one place to another within this time is the network's doing, not the person's. */
const jumpSeconds = 0.1;

/** Below this the points were hardly seen: the networks guess where a table hides the legs. */
const leastScore = 0.1;

/** No annotated instance is shorter: a quicker movement is given the time around it. */
const shortestSeconds = 0.27;

/** Lets the findings know of each other, then leaves one where several say the same. */
function settle(found: Map<Part, Finding[]>, m: Measurements): Finding[] {
  const hands = [...found.get('E')!, ...found.get('F')!, ...found.get('G')!];
  const settled: Finding[] = [];
  for (const [part, findings] of found) {
    const explained = findings.map((finding) => {
      // An arm that brings a hand to the body is not gesturing.
      if (part === 'C') return lessenedBy(finding, hands, 0.5);
      // A trunk that moves carries the head along, and shakes the hips from which the legs are measured.
      if (part === 'B') return lessenedBy(finding, found.get('A')!, 0.75);
      if (part === 'D') return lessenedBy(finding, found.get('A')!, 0.6);
      return finding;
    });
    settled.push(...withoutRepeats(rivals(explained)));
  }
  return settled.filter(({ start, end, score }) => (end - start) / m.sampleRate > jumpSeconds && score >= leastScore);
}

/** What another movement may explain counts for less. */
function lessenedBy(finding: Finding, causes: readonly Finding[], factor: number): Finding {
  return causes.some((cause) => overlap(finding, cause) > 0.3)
    ? { ...finding, score: finding.score * factor }
    : finding;
}

/** Of findings of one part at one time, the weaker yield by how much weaker they are. */
function rivals(findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => {
    const strongest = Math.max(
      ...findings.filter((other) => overlap(finding, other) > 0.3).map(({ strength }) => strength),
      finding.strength,
    );
    return { ...finding, score: finding.score * Math.sqrt(finding.strength / strongest) };
  });
}

/** One instance where several findings of one action share most of the shorter one's time: the surest. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const kept: Finding[] = [];
  for (const finding of findings.toSorted((a, b) => b.score - a.score)) {
    const repeats = kept.some((other) => other.action === finding.action && overlap(other, finding) > 0.3);
    if (!repeats) kept.push(finding);
  }
  return kept;
}

/** Shared samples over those of the shorter one. */
function overlap(a: Finding, b: Finding): number {
  const shared = Math.min(a.end, b.end) - Math.max(a.start, b.start) + 1;
  return Math.max(0, shared) / (Math.min(a.end - a.start, b.end - b.start) + 1);
}

function instanceOf({ action, start, end, score, reason, curve }: Finding, m: Measurements): DetectedInstance {
  const times = m.timesSeconds;
  const missing = Math.max(0, shortestSeconds - (times[end] - times[start]));
  const milliseconds = (seconds: number) => Math.round(seconds * 1000) / 1000;
  return {
    action,
    start: milliseconds(Math.max(times[0], times[start] - missing / 2)),
    end: milliseconds(Math.min(times[times.length - 1], times[end] + missing / 2)),
    score: Math.round(score * 1000) / 1000,
    reason,
    curve,
  };
}
