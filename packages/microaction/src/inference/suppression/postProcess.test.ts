import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { type FeatureGrid, postProcess } from './postProcess.ts';
import { roundHalfEven } from './roundHalfEven.ts';
import type { SuppressionOptions } from './suppress.ts';

const file = (name: string) => new URL(`../../../test/golden/nms/${name}`, import.meta.url);

// Written by OpenTAD's post_processing on made-up proposals.
interface ReferenceCase {
  segments: string;
  scores: string;
  meta: {
    video_name: string;
    fps: number;
    duration: number;
    snippet_stride: number;
    offset_frames: number;
    window_start_frame?: number;
    resize_length: number;
  };
  post_processing: {
    pre_nms_thresh: number;
    pre_nms_topk: number;
    nms: {
      use_soft_nms: boolean;
      sigma: number;
      iou_threshold: number;
      max_seg_num: number;
      min_score: number;
      multiclass: boolean;
      voting_thresh: number;
    };
  };
  expected: { segment: [number, number]; label: string; score: number }[];
}

describe('postProcess', () => {
  const cases: ReferenceCase[] = JSON.parse(readFileSync(file('post_processing.json'), 'utf8'));

  it.each(cases)('gives the very list that OpenTAD writes: $meta.video_name', (reference) => {
    const { meta, post_processing: post, expected } = reference;
    const scores = readNpy(reference.scores);
    const dense = { segments: readNpy(reference.segments).values, scores: scores.values, classes: scores.shape[1] };
    const result = postProcess(dense, {
      grid: gridOf(meta),
      durationSeconds: meta.duration,
      minScore: post.pre_nms_thresh,
      maxCandidates: post.pre_nms_topk,
      suppression: suppressionOf(post.nms),
    });
    const rows = Array.from(result.scores, (score, i) => ({
      segment: [result.starts[i], result.ends[i]],
      label: microActions52.get(result.classes[i]).name,
      score,
    }));
    expect(rows).toEqual(expected.map((row) => ({ ...row, label: microActions52.get(row.label).name })));
  });

  it('says so when scores and segments do not belong together', () => {
    const dense = { segments: new Float32Array(4), scores: new Float32Array(5), classes: 3 };
    const suppression = { method: { kind: 'hard', overlapThreshold: 0.5 } } as const;
    expect(() => postProcess(dense, { grid: { kind: 'resized', steps: 10 }, durationSeconds: 3, suppression })).toThrow(
      'scores have 5 values, expected 2 proposals x 3 classes',
    );
  });
});

describe('roundHalfEven', () => {
  it('rounds as Python does, half-way cases included', () => {
    // Python 3.11: round(0.125, 2), round(0.375, 2), round(2.675, 2), round(-0.125, 2), round(0.03125, 4), round(1e22, 2)
    expect([0.125, 0.375, 2.675, -0.125].map((x) => roundHalfEven(x, 2))).toEqual([0.12, 0.38, 2.67, -0.12]);
    expect(roundHalfEven(0.03125, 4)).toBe(0.0312);
    expect(roundHalfEven(1e22, 2)).toBe(1e22);
    expect(roundHalfEven(-0, 2)).toBe(-0);
  });
});

// ---- below: internals ----

function gridOf(meta: ReferenceCase['meta']): FeatureGrid {
  if (meta.fps === -1) return { kind: 'resized', steps: meta.resize_length };
  return {
    kind: 'strided',
    frameRate: meta.fps,
    strideFrames: meta.snippet_stride,
    offsetFrames: meta.offset_frames,
    startFrame: meta.window_start_frame,
  };
}

function suppressionOf(nms: ReferenceCase['post_processing']['nms']): SuppressionOptions {
  return {
    method: nms.use_soft_nms
      ? { kind: 'gaussian', sigma: nms.sigma }
      : { kind: 'hard', overlapThreshold: nms.iou_threshold },
    minScore: nms.min_score,
    maxCount: nms.max_seg_num,
    classWise: nms.multiclass,
    votingOverlap: nms.voting_thresh,
  };
}

/** A little-endian float32 array in C order. */
function readNpy(name: string): { shape: number[]; values: Float32Array } {
  const bytes = readFileSync(file(name));
  const headerEnd = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, headerEnd);
  expect(header).toContain("'<f4'");
  const shape = /'shape': \(([^)]*)\)/
    .exec(header)![1]
    .split(',')
    .filter((part) => part.trim())
    .map(Number);
  return {
    shape,
    values: new Float32Array(bytes.buffer.slice(bytes.byteOffset + headerEnd, bytes.byteOffset + bytes.length)),
  };
}
