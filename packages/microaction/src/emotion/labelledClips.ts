import type { Clip, Dataset } from '../annotation/dataset.ts';
import { baseName } from '../annotation/formats/format.ts';
import { Problems, shown } from '../problems.ts';
import type { EmotionLabel } from './emotionTable.ts';

export interface LabelledClips {
  /** The clip of each label, in their order. */
  readonly clips: readonly Clip[];
  /** Ids of clips that have no label. */
  readonly unlabelled: readonly string[];
}

/**
 * The micro-actions of each labelled video. A video is matched by its id, or by the name of its file without folder and
 * ending, since `detect` calls videos after their files. A length in the table goes before one in the annotations.
 *
 * @param source - names the table in messages
 * @throws UserError `bad-annotations` naming each row whose video the data set lacks, or has twice
 */
export function labelledClips(labels: readonly EmotionLabel[], source: string, dataset: Dataset): LabelledClips {
  const byId = Map.groupBy(dataset.clips, ({ id }) => id);
  const byName = Map.groupBy(dataset.clips, ({ id }) => baseName(id));
  const problems = new Problems(source);
  const clips = labels.map(({ video, durationSeconds, line }): Clip => {
    const found = byId.get(video) ?? byName.get(video) ?? byName.get(baseName(video)) ?? [];
    if (found.length !== 1) {
      const what = found.length === 0 ? 'no annotation has' : `${found.length} annotations have`;
      const where = `line ${line}, video_id`;
      problems.add(where, `found ${shown(video)}, which ${what}; expected one video of this id among them`);
      return { id: video, instances: [] };
    }
    const [clip] = found;
    return { ...clip, durationSeconds: durationSeconds ?? clip.durationSeconds };
  });
  const rowOf = new Map<string, number>();
  clips.forEach(({ id }, i) => {
    const before = rowOf.get(id);
    const where = `line ${labels[i].line}, video_id`;
    if (before !== undefined && problems.count === 0) {
      problems.add(where, `found ${shown(labels[i].video)}, the video of line ${before} again; expected it once`);
    }
    rowOf.set(id, labels[i].line);
  });
  problems.throwIfAny();
  return { clips, unlabelled: dataset.clips.flatMap(({ id }) => (rowOf.has(id) ? [] : [id])) };
}
