import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Clip, Dataset } from '../dataset.ts';
import type { RecognitionList } from '../recognitionList.ts';
import { type Defect, type DefectOptions, defectsOf } from './defects.ts';
import { type SubsetStatistics, statisticsOf } from './statistics.ts';

/** A list of clips that show one action each, and the subset it is of. */
export interface NamedList {
  readonly subset: string;
  readonly list: RecognitionList;
}

export interface ListStatistics {
  readonly all: SubsetListStatistics;
  readonly subsets: readonly SubsetListStatistics[];
}

export interface SubsetListStatistics {
  /** Undefined for all lists together. */
  readonly subset?: string;
  readonly clips: number;
  /** How many people, as far as names tell (`0001_02_0003.mp4`); null where none does. */
  readonly subjects: number | null;
  /** One row an action of the taxonomy, in order of id, empty ones too. */
  readonly actions: readonly { id: number; action: string; bodyPart: string; clips: number; share: number }[];
  readonly bodyParts: readonly { code: string; bodyPart: string; clips: number; share: number }[];
}

/** Counts lists of clips, as those of MA-52. @throws UserError `unknown-action` */
export function listStatisticsOf(lists: readonly NamedList[], taxonomy: Taxonomy): ListStatistics {
  const { all, subsets } = statisticsOf(standIn(lists, taxonomy));
  return { all: counted(all), subsets: subsets.map((one) => ({ subset: one.subset!, ...counted(one) })) };
}

/** What is wrong or odd in lists of clips: people or clips in several of them, rare and missing actions. */
export function listDefectsOf(
  lists: readonly NamedList[],
  taxonomy: Taxonomy,
  options: Pick<DefectOptions, 'rareBelow'> = {},
): Defect[] {
  return defectsOf(standIn(lists, taxonomy), options).filter(({ kind }) => kind !== 'length-unknown');
}

// ---- below: internals ----

/** Clips that hold their action from 0 to 1 s: lists tell no times, and nothing that is counted here looks at them. */
function standIn(lists: readonly NamedList[], taxonomy: Taxonomy): Dataset {
  const clips = lists.flatMap(({ subset, list }) =>
    list.clips.map(({ file, action }): Clip => {
      const subject = /^(\d{4})_\d+_/.exec(file)?.[1];
      return { id: file, subset, ...(subject && { subject }), instances: [{ action, start: 0, end: 1 }] };
    }),
  );
  return { taxonomy, clips };
}

function counted({ videos, subjects, actions, bodyParts }: SubsetStatistics): SubsetListStatistics {
  return {
    clips: videos,
    subjects,
    actions: actions.map(({ id, action, bodyPart, instances: clips, share }) => ({
      id,
      action,
      bodyPart,
      clips,
      share,
    })),
    bodyParts: bodyParts.map(({ code, bodyPart, instances: clips, share }) => ({ code, bodyPart, clips, share })),
  };
}
