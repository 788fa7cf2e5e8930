import type { Clip, Dataset, Instance } from '../annotation/dataset.ts';
import { UserError } from '../errors.ts';
import { shown } from '../problems.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';

export type Level = 'action' | 'body';

/** One video as several coders coded it. */
export interface CommonClip {
  readonly id: string;
  readonly seconds: number;
  /** Label to the instances of each coder, in the order of the coders; only labels that any of them used. */
  readonly labels: ReadonlyMap<string, readonly (readonly Instance[])[]>;
}

/**
 * The clips that all coders coded, in the order of the first.
 *
 * @throws UserError `number-of-coders`, `taxonomies-differ`, `duplicate-ids`, `no-common-clips`
 */
export function commonClips(
  datasets: readonly Dataset[],
  level: Level,
): { clips: CommonClip[]; leftOut: string[]; labels: string[] } {
  const { taxonomy } = checkedCoders(datasets);
  const labelOf = labelsAt(level, taxonomy);
  const byId = datasets.map(({ clips }) => new Map(clips.map((clip) => [clip.id, clip])));
  const ids = new Set(byId.flatMap((some) => [...some.keys()]));
  const clips: CommonClip[] = [];
  const leftOut: string[] = [];
  for (const id of ids) {
    const theirs = byId.flatMap((some) => some.get(id) ?? []);
    if (theirs.length < datasets.length) leftOut.push(id);
    else clips.push({ id, seconds: lengthOf(theirs), labels: instancesByLabel(theirs, labelOf) });
  }
  if (clips.length === 0) {
    throw new UserError(
      'no-common-clips',
      `No video is coded in all ${datasets.length} data sets, so there is nothing to compare; ids must be the same, case counts.`,
    );
  }
  const names = level === 'action' ? taxonomy.actions : taxonomy.bodyParts;
  return { clips, leftOut, labels: names.map(({ name }) => name) };
}

/** That there are at least two data sets, of one list of actions, each clip once in each; gives the first. */
export function checkedCoders(datasets: readonly Dataset[]): Dataset {
  if (datasets.length < 2 || datasets.length > mostCoders) {
    throw new UserError(
      'number-of-coders',
      `Agreement is between 2 to ${mostCoders} coders; found ${datasets.length} data sets.`,
    );
  }
  const names = ({ taxonomy }: Dataset) =>
    JSON.stringify(taxonomy.actions.map(({ name, bodyPart }) => [name, bodyPart]));
  const other = datasets.find((dataset) => names(dataset) !== names(datasets[0]));
  if (other) {
    throw new UserError(
      'taxonomies-differ',
      `The coders used different taxonomies, ${datasets[0].taxonomy.name} and ${other.taxonomy.name}; read all with one.`,
    );
  }
  datasets.forEach(({ clips }, coder) => {
    const ids = new Set<string>();
    for (const { id } of clips) {
      if (ids.has(id)) throw new UserError('duplicate-ids', `Data set ${coder + 1} holds the clip ${shown(id)} twice.`);
      ids.add(id);
    }
  });
  return datasets[0];
}

/** The instances of each coder by label; the clips are of one video, one from each coder. */
export function instancesByLabel(
  clips: readonly Clip[],
  labelOf: (action: string) => string,
): Map<string, Instance[][]> {
  const labels = new Map<string, Instance[][]>();
  clips.forEach(({ instances }, coder) => {
    for (const instance of instances) {
      const label = labelOf(instance.action);
      let theirs = labels.get(label);
      if (!theirs) labels.set(label, (theirs = clips.map(() => [])));
      theirs[coder].push(instance);
    }
  });
  return labels;
}

// ---- below: internals ----

/** Who is present at a moment is kept in the bits of one integer. */
const mostCoders = 30;

/** As long as the longest that any coder says, by its length or by its last instance. */
function lengthOf(clips: readonly Clip[]): number {
  return Math.max(
    ...clips.map(({ durationSeconds = 0, instances }) =>
      instances.reduce((last, { end }) => Math.max(last, end), durationSeconds),
    ),
  );
}

function labelsAt(level: Level, taxonomy: Taxonomy): (action: string) => string {
  const labels = new Map(
    taxonomy.actions.map(({ name }) => [name, level === 'action' ? name : taxonomy.bodyPartOf(name).name]),
  );
  return (action) => labels.get(action) ?? taxonomy.get(action).name;
}
