import { mma52 } from '../../annotation/formats/mma52.ts';
import { opentad } from '../../annotation/formats/opentad.ts';
import { microActions52 as taxonomy } from '../../taxonomy/microActions52.ts';
import { clipOf } from '../plan/clipOf.ts';
import type { ClipPlan } from '../plan/plan.ts';
import { keyPointNames } from './keyPointNames.ts';
import type { ClipPlaces, OutputLayout } from './layouts.ts';
import { filePrefixes } from './names.ts';

/**
 * As MMA-52 is published: `videos/train0000.mp4`, a table of frames a subset (`train.csv`, `val.csv`, `test.csv`) and
 * the same labels in seconds for all in one JSON, in the form that OpenTAD reads (`annotations.json`). Key points are
 * in `keypoints/train0000.npz`, optical flow in `flow/train0000.npz`.
 */
export const mma52Layout: OutputLayout = {
  placesOf: (plans) => plans.map(placesOf),

  textFilesOf(plans, { widthPixels, heightPixels, videos }) {
    const clips = plans.map((plan) => {
      const clip = clipOf(plan, { widthPixels, heightPixels });
      return videos ? { ...clip, file: placesOf(plan).video } : clip;
    });
    const tables = Object.entries(filePrefixes).flatMap(([subset, prefix]) => {
      const own = clips.filter((clip) => clip.subset === subset);
      return own.length > 0 ? [{ path: `${prefix}.csv`, content: mma52.write({ taxonomy, clips: own }) }] : [];
    });
    return [
      ...tables,
      { path: 'annotations.json', content: opentad.write({ taxonomy, clips }, { layout: 'truth' }) },
      keyPointNames,
    ];
  },
};

// ---- below: internals ----

const placesOf = ({ id }: ClipPlan): ClipPlaces => ({
  video: `videos/${id}.mp4`,
  keyPoints: `keypoints/${id}.npz`,
  flow: `flow/${id}.npz`,
});
