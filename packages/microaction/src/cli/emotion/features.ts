import { Command } from 'commander';
import { readTogether } from '../inputs.ts';
import type { Session } from '../session.ts';
import { refuseExisting, writeFiles, wroteNote } from '../writeFiles.ts';
import {
  actionsHelp,
  addFeatureOptions,
  emotionsHelp,
  type FeatureOptions,
  measureClips,
  measureLabelled,
} from './samples.ts';

export function emotionFeaturesCommand(session: Session): Command {
  const command = new Command('features')
    .description('Measure videos by their micro-actions: a table with a row a video, for your own statistics.')
    .argument('<actions...>', actionsHelp)
    .option('--emotions <table>', `only the videos of this ${emotionsHelp}; adds subject and emotion`)
    .requiredOption('--out <file>', 'a .csv');
  return addFeatureOptions(command)
    .option('--overwrite', 'replace a file that is there already')
    .addHelpText('after', explanation)
    .action((paths: string[], options: FeaturesOptions) => features(session, paths, options));
}

// ---- below: internals ----

interface FeaturesOptions extends FeatureOptions {
  readonly emotions?: string;
  readonly out: string;
  readonly overwrite?: true;
}

const explanation = `
Instances count by their score, coded ones by 1. Columns of each action and body part: per_minute (instances), share
(of the video's time), seconds (mean length), maximum (score); of two body parts: share of time in which both move.

Example:
  microaction emotion features found.json --emotions emotions.csv --out features.csv
`;

async function features(session: Session, paths: readonly string[], options: FeaturesOptions): Promise<void> {
  const { emotions, out, overwrite, only: groups, minScore, clipFeatures } = options;
  await refuseExisting([out], overwrite);
  const [{ writeTable }, { rowOf }] = await Promise.all([
    import('../../annotation/formats/table.ts'),
    import('../../emotion/matrix.ts'),
  ]);
  let lines: (string | number)[][];
  if (emotions !== undefined) {
    const { samples } = await measureLabelled(session, paths, emotions, options);
    lines = [
      ['video_id', 'subject', 'emotion', ...samples.names],
      ...samples.videos.map((video, i) => {
        return [video, samples.subjects[i], samples.emotions[samples.labels[i]], ...rowOf(samples.features, i)];
      }),
    ];
  } else {
    const { dataset } = await readTogether(session, paths, options);
    const settings = { groups, minScore };
    const table = await measureClips(session, dataset.clips, dataset.taxonomy, settings, clipFeatures);
    lines = [['video_id', ...table.names], ...table.videos.map((video, i) => [video, ...rowOf(table.features, i)])];
  }
  const content = writeTable(lines, ',');
  session.note(wroteNote(await writeFiles([{ path: out, content }], { overwrite, signal: session.signal })));
}
