import type { Command } from 'commander';
import type { Clip } from '../../annotation/dataset.ts';
import type { EmotionSamples, FeatureGroup, FeatureSettings, FeatureTable } from '../../emotion/index.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { namesOf, numberWhere } from '../arguments.ts';
import { addInputOptions, type InputOptions, readTogether } from '../inputs.ts';
import { counted } from '../numbers.ts';
import type { Session } from '../session.ts';

/** How features are made; the options that `addFeatureOptions` makes. */
export interface FeatureOptions extends InputOptions {
  readonly only?: readonly FeatureGroup[];
  readonly minScore?: number;
  readonly clipFeatures?: string;
}

export function addFeatureOptions(command: Command): Command {
  return addInputOptions(command)
    .option(
      '--only <kinds>',
      'measure these only: action, part (of the body), together (parts at once)',
      namesOf(['action', 'part', 'together'], 'kind of feature'),
    )
    .option(
      '--min-score <share>',
      'pass over instances with a lower score (default: 0)',
      numberWhere((value) => value >= 0 && value <= 1, 'a number from 0 to 1'),
    )
    .option('--clip-features <folder>', 'features of a network as well: ID.npy of each video, mean over time');
}

export const actionsHelp = 'the micro-actions, coded or found: files in any annotation format, predictions, folders';
export const emotionsHelp = 'table with the columns video_id, subject, emotion and optionally duration';

export interface Measured {
  readonly samples: EmotionSamples;
  readonly taxonomy: Taxonomy;
  readonly settings: Required<Omit<FeatureSettings, 'clipFeatures'>>;
}

/** Reads and measures all videos that a table of emotions names; tells what is odd. */
export async function measureLabelled(
  session: Session,
  paths: readonly string[],
  emotions: string,
  options: FeatureOptions,
): Promise<Measured> {
  const [{ emotionSamples, labelledClips, readEmotions, featureGroups }, { readText }] = await Promise.all([
    import('../../emotion/index.ts'),
    import('../../files/readText.ts'),
  ]);
  const labels = readEmotions(await readText(emotions, session), emotions);
  const { dataset } = await readTogether(session, paths, options);
  const { clips, unlabelled } = labelledClips(labels, emotions, dataset);
  if (unlabelled.length > 0) {
    session.note(
      `${emotions}: ${counted(unlabelled.length, 'video')} without a row, such as ${unlabelled[0]}, left out`,
    );
  }
  const { taxonomy } = dataset;
  const { only: groups = featureGroups, minScore = 0 } = options;
  const table = await measureClips(session, clips, taxonomy, { groups, minScore }, options.clipFeatures);
  return { samples: emotionSamples(labels, table), taxonomy, settings: { groups, minScore } };
}

/** Measures clips; tells those in which nothing was found. */
export async function measureClips(
  session: Session,
  clips: readonly Clip[],
  taxonomy: Taxonomy,
  settings: Omit<FeatureSettings, 'clipFeatures'>,
  folder: string | undefined,
): Promise<FeatureTable> {
  const { featureTable } = await import('../../emotion/index.ts');
  let clipFeatures: FeatureSettings['clipFeatures'];
  if (folder !== undefined) {
    const { readClipFeatures } = await import('../../emotion/clipFeaturesNode.ts');
    clipFeatures = await readClipFeatures(
      folder,
      clips.map(({ id }) => id),
    );
  }
  const table = featureTable(clips, taxonomy, { ...settings, clipFeatures });
  const { withoutActions } = table;
  if (withoutActions.length > 0) {
    session.note(
      `${counted(withoutActions.length, 'video')} without micro-actions, such as ${withoutActions[0]}: kept, as zeros`,
    );
  }
  return table;
}
