import { writeMa52List } from '../../annotation/formats/ma52List.ts';
import { microActions52 as taxonomy } from '../../taxonomy/microActions52.ts';
import { numbered, subjectName } from '../plan/clipOf.ts';
import type { ClipPlan } from '../plan/plan.ts';
import { keyPointNames } from './keyPointNames.ts';
import type { OutputLayout } from './layouts.ts';
import { filePrefixes } from './names.ts';

/**
 * As MA-52 is published: clips of one action each in `train/`, `val/` and `test/`, named by subject, session and clip
 * (`train/0001_01_0003.mp4`; `test/test0000.mp4` does not tell who it is), with `train_list_videos.txt` and its like
 * and the names of the labels. Key points are in `keypoints/train/0001_01_0003.npz`. Plans must hold one act each.
 */
export const ma52Layout: OutputLayout = {
  placesOf: (plans) =>
    namesOf(plans).map(({ folder, name }) => ({
      video: `${folder}/${name}.mp4`,
      keyPoints: `keypoints/${folder}/${name}.npz`,
      flow: `flow/${folder}/${name}.npz`,
    })),

  textFilesOf(plans) {
    const named = namesOf(plans);
    const lists = Object.values(filePrefixes).flatMap((prefix) => {
      const clips = named.flatMap(({ folder, name }, i) =>
        folder === prefix ? [{ file: `${name}.mp4`, action: actionOf(plans[i]) }] : [],
      );
      const path = `${prefix}_list_videos.txt`;
      return clips.length > 0 ? [{ path, content: writeMa52List({ clips }, taxonomy) }] : [];
    });
    const names = taxonomy.actions.map(({ id, name }) => `${id}\t${name}\n`).join('');
    return [...lists, { path: 'label_name.txt', content: names }, keyPointNames];
  },
};

// ---- below: internals ----

/** Clips count from 1 for each subject, those for testing from 0 for all. */
function namesOf(plans: readonly ClipPlan[]): { folder: string; name: string }[] {
  const counts = new Map<number | string, number>();
  return plans.map(({ subset, subject }) => {
    const folder = filePrefixes[subset];
    const counted = subset === 'test' ? subset : subject;
    const before = counts.get(counted) ?? 0;
    counts.set(counted, before + 1);
    const name = subset === 'test' ? `test${numbered(before)}` : `${subjectName(subject)}_01_${numbered(before + 1)}`;
    return { folder, name };
  });
}

function actionOf({ id, acts }: ClipPlan): string {
  if (acts.length === 1) return acts[0].action;
  throw new Error(`${id}: ${acts.length} acts in a clip that shows one`);
}
