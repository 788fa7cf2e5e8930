import { shown } from '../../problems.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Clip, Dataset } from '../dataset.ts';
import { parseRawId } from './rawId.ts';

/** `error`: wrong whatever it is for. `warning`: likely wrong, or a trap. `note`: worth knowing. */
export type Severity = 'error' | 'warning' | 'note';

export type DefectKind =
  | 'bad-time'
  | 'empty-instance'
  | 'past-end'
  | 'unknown-action'
  | 'duplicate-instance'
  | 'overlapping-duplicate'
  | 'duplicate-at-body-level'
  | 'duplicate-id'
  | 'ids-differ-in-case'
  | 'awkward-id'
  | 'irregular-id'
  | 'subject-in-several-subsets'
  | 'frame-rates-of-subject'
  | 'several-frame-rates'
  | 'length-unknown'
  | 'length-differs'
  | 'length-shared'
  | 'video-missing'
  | 'no-instances'
  | 'action-without-instances'
  | 'action-missing-in-subset'
  | 'rare-action';

export interface Defect {
  readonly kind: DefectKind;
  readonly severity: Severity;
  /** What was found, in one sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly advice: string;
  /** Ids of the clips; absent where it concerns the whole data set. */
  readonly clips?: readonly string[];
  /** Positions in the instances of the one clip, from 0. */
  readonly instances?: readonly number[];
  readonly action?: string;
  readonly subject?: string;
  readonly subset?: string;
}

export interface DefectOptions {
  /** Id of a clip to the length of its video in seconds, as measured; a clip that is not in it has no video. */
  readonly actualSeconds?: ReadonlyMap<string, number>;
  /** By how much a length or an end may be off. Default 0.1 s, about three frames. */
  readonly toleranceSeconds?: number;
  /** An action with fewer instances is rare. Default 10. */
  readonly rareBelow?: number;
}

/**
 * All that is wrong or odd in a data set: errors first, then warnings, then notes, else in the order of the clips.
 * Takes what `checkDataset` would refuse. Cost grows with instances and with overlapping ones of one action.
 */
export function defectsOf(dataset: Dataset, options: DefectOptions = {}): Defect[] {
  const { toleranceSeconds = 0.1, rareBelow = 10, actualSeconds } = options;
  const defects = [
    ...dataset.clips.flatMap((clip) => instanceDefects(clip, dataset.taxonomy, toleranceSeconds)),
    ...bodyLevelDefects(dataset),
    ...idDefects(dataset.clips),
    ...lengthDefects(dataset.clips, toleranceSeconds, actualSeconds),
    ...subjectDefects(dataset.clips),
    ...frameRateDefects(dataset.clips),
    ...actionDefects(dataset, rareBelow),
  ];
  const order: readonly Severity[] = ['error', 'warning', 'note'];
  return defects.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

// ---- below: internals ----

function instanceDefects({ id, instances, durationSeconds }: Clip, taxonomy: Taxonomy, tolerance: number): Defect[] {
  const defects: Defect[] = [];
  const clips = [id];
  if (instances.length === 0) {
    defects.push({
      kind: 'no-instances',
      severity: 'note',
      clips,
      message: `${shown(id)} has no instances.`,
      advice: 'Right if nothing happens in it; else it was not coded.',
    });
  }
  const sound: number[] = [];
  instances.forEach(({ action, start, end }, index) => {
    const at = { clips, instances: [index], action };
    const name = `Instance ${index} of ${shown(id)} (${action})`;
    if (taxonomy.find(action)?.name !== action) {
      defects.push({
        ...at,
        kind: 'unknown-action',
        severity: 'error',
        message: `${name}: the action is not a canonical name of the taxonomy ${taxonomy.name}.`,
        advice: 'Correct the label, or read the data set with its own taxonomy.',
      });
    }
    if (!Number.isFinite(start) || !Number.isFinite(end) || start < 0) {
      defects.push({
        ...at,
        kind: 'bad-time',
        severity: 'error',
        message: `${name} runs from ${start} to ${end} s.`,
        advice: 'Times are seconds from the start of the video, 0 or more.',
      });
    } else if (start >= end) {
      defects.push({
        ...at,
        kind: 'empty-instance',
        severity: 'error',
        message: `${name} ${start === end ? 'has no length' : 'ends before it starts'}: ${start} to ${end} s.`,
        advice: 'Correct its edges or delete it.',
      });
    } else {
      sound.push(index);
      if (durationSeconds !== undefined && end > durationSeconds + tolerance) {
        defects.push({
          ...at,
          kind: 'past-end',
          severity: 'error',
          message: `${name} ends at ${end} s, after the end of the video at ${durationSeconds} s.`,
          advice: 'Check the length and the frame rate of the video, then the instance.',
        });
      }
    }
  });
  for (const same of Map.groupBy(sound, (index) => instances[index].action).values()) {
    same.sort((a, b) => instances[a].start - instances[b].start || instances[a].end - instances[b].end || a - b);
    let running: number[] = [];
    for (const index of same) {
      const { action, start, end } = instances[index];
      running = running.filter((other) => instances[other].end > start);
      for (const other of running) {
        const equal = instances[other].start === start && instances[other].end === end;
        defects.push({
          kind: equal ? 'duplicate-instance' : 'overlapping-duplicate',
          severity: equal ? 'error' : 'warning',
          clips,
          instances: [other, index].sort((a, b) => a - b),
          action,
          message: `Two instances of ${action} in ${shown(id)} ${equal ? 'are the same' : 'overlap'}: ${spanOf(instances[other])} and ${spanOf(instances[index])}.`,
          advice: equal
            ? 'Delete one; metrics differ in whether they count both.'
            : 'Likely one movement coded twice: join them or correct their edges.',
        });
      }
      running.push(index);
    }
  }
  return defects;
}

const spanOf = ({ start, end }: { start: number; end: number }) => `${start.toFixed(2)}-${end.toFixed(2)} s`;

/** One summary: mapping labels to body parts makes these instances the same as another one. */
function bodyLevelDefects({ clips, taxonomy }: Dataset): Defect[] {
  const parts = new Map(taxonomy.actions.map(({ name, bodyPart }) => [name, bodyPart]));
  const found = new Set<string>();
  let count = 0;
  for (const { id, instances } of clips) {
    const seen = new Map<string, Set<string>>();
    for (const { action, start, end } of instances) {
      const key = `${parts.get(action)} ${start} ${end}`;
      const actions = seen.get(key);
      if (actions && !actions.has(action)) {
        count += 1;
        found.add(id);
      }
      if (actions) actions.add(action);
      else seen.set(key, new Set([action]));
    }
  }
  if (count === 0) return [];
  return [
    {
      kind: 'duplicate-at-body-level',
      severity: 'note',
      clips: [...found],
      message: `${count} instances have the span of another action of the same body part, so at body level they are duplicates.`,
      advice: 'Say which metric you use: OpenTAD drops such duplicates, DETAD and the challenge baseline keep them.',
    },
  ];
}

function idDefects(clips: readonly Clip[]): Defect[] {
  const defects: Defect[] = [];
  for (const [id, same] of Map.groupBy(clips, (clip) => clip.id)) {
    if (same.length === 1) continue;
    defects.push({
      kind: 'duplicate-id',
      severity: 'error',
      clips: [id],
      message: `The id ${shown(id)} occurs ${same.length} times.`,
      advice: 'Give every clip an id of its own, or merge them.',
    });
  }
  for (const [, twins] of Map.groupBy(clips, ({ id }) => id.toLowerCase())) {
    const ids = [...new Set(twins.map(({ id }) => id))];
    if (ids.length === 1) continue;
    defects.push({
      kind: 'ids-differ-in-case',
      severity: 'warning',
      clips: ids,
      message: `The ids ${ids.map(shown).join(' and ')} differ in case only.`,
      advice: 'On a disk that ignores case the video of one replaces the other: rename, and check both videos.',
    });
    const lengths = new Set(twins.map(({ durationSeconds }) => durationSeconds));
    if (lengths.size > 1 || lengths.has(undefined)) continue;
    defects.push({
      kind: 'length-shared',
      severity: 'warning',
      clips: ids,
      message: `${ids.map(shown).join(' and ')} differ in case only and state the same length, ${twins[0].durationSeconds!.toFixed(2)} s.`,
      advice: 'One file had likely replaced the other when lengths were read: measure both videos again.',
    });
  }
  const awkward = clips.filter(({ id }) => /[\s\\/[\](){}<>*?"'`$&|;!^~#%:]|^[-.]|[._]$/.test(id)).map(({ id }) => id);
  if (awkward.length > 0) {
    defects.push({
      kind: 'awkward-id',
      severity: 'note',
      clips: awkward,
      message: `${awkward.length} ids hold characters that shells, globs or file systems treat specially, such as ${shown(awkward[0])}.`,
      advice: 'Quote them in scripts, and do not split them at "_".',
    });
  }
  const raw = clips.map(({ id }) => ({ id, parts: parseRawId(id) }));
  const readable = raw.filter(({ parts }) => parts !== undefined);
  if (readable.length > clips.length / 2) {
    const usual = ({ parts: p }: (typeof raw)[number]) =>
      p?.subject.length === 3 && p.session.length === 2 && p.clip.length === 4;
    const odd = raw.filter((one) => !usual(one)).map(({ id }) => id);
    if (odd.length > 0) {
      defects.push({
        kind: 'irregular-id',
        severity: 'warning',
        clips: odd,
        message: `${odd.length} ids differ from the scheme of the rest (subject of 3 digits, session of 2, clip of 4), such as ${shown(odd[0])}.`,
        advice: 'Subjects and sessions read from such ids may be split in two, e.g. "93" and "093".',
      });
    }
  }
  return defects;
}

function lengthDefects(clips: readonly Clip[], tolerance: number, actual?: ReadonlyMap<string, number>): Defect[] {
  const defects: Defect[] = [];
  const unknown = clips.filter(({ durationSeconds }) => durationSeconds === undefined).map(({ id }) => id);
  if (unknown.length > 0) {
    defects.push({
      kind: 'length-unknown',
      severity: 'note',
      clips: unknown,
      message: `${unknown.length} clips do not state how long they are.`,
      advice: 'Hours, coverage and ends past the video cannot be checked for them.',
    });
  }
  if (!actual) return defects;
  for (const { id, durationSeconds, instances } of clips) {
    const length = actual.get(id);
    if (length === undefined) {
      defects.push({
        kind: 'video-missing',
        severity: 'error',
        clips: [id],
        message: `There is no video of ${shown(id)}.`,
        advice: 'Check the folder and the spelling of the id; case counts.',
      });
      continue;
    }
    if (durationSeconds !== undefined && Math.abs(length - durationSeconds) > tolerance) {
      defects.push({
        kind: 'length-differs',
        severity: 'error',
        clips: [id],
        message: `${shown(id)} is stated to be ${durationSeconds.toFixed(2)} s long, its video is ${length.toFixed(2)} s.`,
        advice: 'Correct the length: coverage, and times scaled by it, are wrong.',
      });
    }
    const late = instances.flatMap(({ end }, index) => (end > length + tolerance ? [index] : []));
    const stated = durationSeconds !== undefined && durationSeconds <= length;
    if (late.length === 0 || stated) continue; // what ends past the stated length too has been said
    defects.push({
      kind: 'past-end',
      severity: 'error',
      clips: [id],
      instances: late,
      message: `${late.length} instances of ${shown(id)} end after its video, which is ${length.toFixed(2)} s long.`,
      advice: 'Check that this is the right video, and its frame rate.',
    });
  }
  return defects;
}

function subjectDefects(clips: readonly Clip[]): Defect[] {
  const defects: Defect[] = [];
  for (const [subject, theirs] of Map.groupBy(clips, (clip) => clip.subject)) {
    const subsets = new Set(theirs.flatMap(({ subset }) => subset ?? []));
    if (subject === undefined || subsets.size < 2) continue;
    defects.push({
      kind: 'subject-in-several-subsets',
      severity: 'error',
      subject,
      clips: theirs.map(({ id }) => id),
      message: `Subject ${shown(subject)} is in ${[...subsets].join(' and ')}.`,
      advice: 'Scores on people seen in training are too good; split again by subject.',
    });
  }
  return defects;
}

function frameRateDefects(clips: readonly Clip[]): Defect[] {
  const defects: Defect[] = [];
  const rates = (some: readonly Clip[]) => Map.groupBy(some, ({ frameRate }) => frameRate);
  const told = (some: readonly Clip[]) =>
    [...rates(some)].flatMap(([rate, { length }]) => (rate === undefined ? [] : `${length} at ${rate}`)).join(', ');
  for (const [subject, theirs] of Map.groupBy(clips, (clip) => clip.subject)) {
    const known = theirs.filter(({ frameRate }) => frameRate !== undefined);
    if (subject === undefined || rates(known).size < 2) continue;
    const fewest = [...rates(known).values()].sort((a, b) => a.length - b.length)[0];
    defects.push({
      kind: 'frame-rates-of-subject',
      severity: 'warning',
      subject,
      clips: fewest.map(({ id }) => id),
      message: `The clips of subject ${shown(subject)} run at several frame rates: ${told(known)} frames a second.`,
      advice: 'One recording has one rate; measure those clips again.',
    });
  }
  const known = clips.filter(({ frameRate }) => frameRate !== undefined);
  if (rates(known).size > 1) {
    defects.push({
      kind: 'several-frame-rates',
      severity: 'note',
      message: `The clips run at several frame rates: ${told(known)} frames a second.`,
      advice: "Turn frames into seconds by each clip's own rate; the MMA-52 paper counts all at 30.",
    });
  }
  return defects;
}

function actionDefects({ clips, taxonomy }: Dataset, rareBelow: number): Defect[] {
  const counts = new Map<string, Map<string, number>>();
  const total = new Map<string, number>();
  for (const { subset = '', instances } of clips) {
    let inSubset = counts.get(subset);
    if (!inSubset) counts.set(subset, (inSubset = new Map()));
    for (const { action } of instances) {
      inSubset.set(action, (inSubset.get(action) ?? 0) + 1);
      total.set(action, (total.get(action) ?? 0) + 1);
    }
  }
  return taxonomy.actions.flatMap(({ name: action }): Defect[] => {
    const count = total.get(action) ?? 0;
    if (count === 0) {
      return [
        {
          kind: 'action-without-instances',
          severity: 'note',
          action,
          message: `There is no instance of ${action}.`,
          advice: 'Its average precision is undefined; say whether your mean leaves it out.',
        },
      ];
    }
    const missing = [...counts].filter(([subset, found]) => subset !== '' && !found.has(action));
    return [
      ...missing.map(
        ([subset]): Defect => ({
          kind: 'action-missing-in-subset',
          severity: 'warning',
          action,
          subset,
          message: `${action} has ${count} instances, none of them in ${subset}.`,
          advice: 'Split again so that every subset has some, or leave it out of the mean.',
        }),
      ),
      ...(count < rareBelow
        ? [
            {
              kind: 'rare-action',
              severity: 'note',
              action,
              message: `${action} has ${count} ${count === 1 ? 'instance' : 'instances'}.`,
              advice: 'One found or missed moves a mean over classes by a whole class; report the mean without it too.',
            } as const,
          ]
        : []),
    ];
  });
}
