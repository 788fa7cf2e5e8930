import { UserError } from '../../errors.ts';
import { shown } from '../../problems.ts';
import { type Clip, compareInstances, type Dataset } from '../dataset.ts';

export interface MergeOptions {
  /**
   * What to do where two data sets hold a clip of one id. `refuse` (default) throws; `first` keeps the clip of the
   * earlier data set; `join` puts their instances together, equal ones once, and keeps what the earlier says of the
   * video, filled in by the later.
   */
  readonly sameId?: 'refuse' | 'first' | 'join';
}

/**
 * One data set of several, clips in the order given. What only the formats they came from understand is left
 * behind.
 *
 * @throws UserError `taxonomies-differ`, `duplicate-ids`
 */
export function mergeDatasets(datasets: readonly [Dataset, ...Dataset[]], options: MergeOptions = {}): Dataset {
  const { sameId = 'refuse' } = options;
  const { taxonomy } = datasets[0];
  const names = JSON.stringify(taxonomy.actions.map(({ id, name, bodyPart }) => [id, name, bodyPart]));
  for (const other of datasets) {
    if (JSON.stringify(other.taxonomy.actions.map(({ id, name, bodyPart }) => [id, name, bodyPart])) === names)
      continue;
    throw new UserError(
      'taxonomies-differ',
      `The data sets have different taxonomies, ${taxonomy.name} and ${other.taxonomy.name}; read both with one taxonomy to merge them.`,
    );
  }
  const clips = new Map<string, Clip>();
  const twice = new Set<string>();
  for (const dataset of datasets) {
    for (const { foreign: _, ...clip } of dataset.clips) {
      const before = clips.get(clip.id);
      if (before) twice.add(clip.id);
      if (!before) clips.set(clip.id, clip);
      else if (sameId === 'join') clips.set(clip.id, joined(before, clip));
    }
  }
  if (twice.size > 0 && sameId === 'refuse') {
    const some = [...twice].slice(0, 5).map(shown).join(', ');
    throw new UserError(
      'duplicate-ids',
      `${twice.size} ids occur in more than one data set: ${some}${twice.size > 5 ? ', ...' : ''}. Rename them, keep the first, or join their instances.`,
    );
  }
  return { taxonomy, clips: [...clips.values()] };
}

// ---- below: internals ----

function joined(first: Clip, second: Clip): Clip {
  const key = ({ action, start, end }: Clip['instances'][number]) => `${start} ${end} ${action}`;
  const instances = new Map([...second.instances, ...first.instances].map((one) => [key(one), one]));
  return { ...second, ...first, instances: [...instances.values()].sort(compareInstances) };
}
