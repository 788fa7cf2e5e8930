import { Command } from 'commander';
import type { EmotionPrediction } from '../../emotion/index.ts';
import { addInputOptions, type InputOptions, readTogether, wholeFrom } from '../inputs.ts';
import { fixed, percent } from '../numbers.ts';
import { heading, numberTable } from '../numberTable.ts';
import type { Session } from '../session.ts';
import { refuseExisting, writeFiles, wroteNote } from '../writeFiles.ts';
import { actionsHelp, measureClips } from './samples.ts';

export function emotionPredictCommand(session: Session): Command {
  const command = new Command('predict')
    .description('Tell the emotions of videos by a trained model, and which micro-actions speak for them.')
    .argument('<actions...>', actionsHelp)
    .requiredOption('--model <file>', 'what "emotion train" wrote');
  return addInputOptions(command)
    .option('--clip-features <folder>', 'ID.npy of each video, where the model was trained with such')
    .option('--reasons <count>', 'how many features to show for each video (default: 5)', wholeFrom(0))
    .option('--out <file>', 'write the probabilities as a .csv')
    .option('--overwrite', 'replace a file that is there already')
    .option('--json', 'print one JSON document on standard output and nothing else there')
    .addHelpText('after', example)
    .action((paths: string[], options: PredictOptions) => predict(session, paths, options));
}

// ---- below: internals ----

interface PredictOptions extends InputOptions {
  readonly model: string;
  readonly clipFeatures?: string;
  readonly reasons?: number;
  readonly out?: string;
  readonly overwrite?: true;
  readonly json?: true;
}

const example = `
A contribution is the weight of a feature times how far it is from usual, in standard deviations; positive ones speak
for the emotion. Scores and lengths come from the same kind of annotations that the model was trained on, or the
numbers mean nothing: a model of coded actions does not suit a detector's.

Example:
  microaction emotion predict found.json --model emotion.json
`;

async function predict(session: Session, paths: readonly string[], options: PredictOptions): Promise<void> {
  const { clipFeatures, reasons: most = 5, out, overwrite, json } = options;
  if (out !== undefined) await refuseExisting([out], overwrite);
  const [emotion, { readText }, { parseJson }, { mergeDatasets }, { writeTable }] = await Promise.all([
    import('../../emotion/index.ts'),
    import('../../files/readText.ts'),
    import('../../annotation/formats/json.ts'),
    import('../../annotation/dataset/merge.ts'),
    import('../../annotation/formats/table.ts'),
  ]);
  const model = emotion.parseEmotionModel(
    parseJson(await readText(options.model, session), options.model),
    options.model,
  );
  const taxonomy = emotion.taxonomyOfModel(model);
  const { dataset } = await readTogether(session, paths, options);
  mergeDatasets([
    { taxonomy, clips: [] },
    { ...dataset, clips: [] },
  ]); // refuses different taxonomies
  const { groups, minScore } = model;
  const table = await measureClips(session, dataset.clips, taxonomy, { groups, minScore }, clipFeatures);
  const predictions = emotion.predictEmotion(model, table);
  if (out !== undefined) {
    const lines = predictions.map(({ video, emotion, probabilities }) => [
      video,
      emotion,
      ...model.emotions.map((name) => probabilities[name]),
    ]);
    const content = writeTable([['video_id', 'emotion', ...model.emotions], ...lines], ',');
    session.note(wroteNote(await writeFiles([{ path: out, content }], { overwrite, signal: session.signal })));
  }
  if (json) {
    const shown = predictions.map((one) => ({ ...one, reasons: one.reasons.slice(0, most) }));
    await session.print(`${JSON.stringify({ notice: model.notice, predictions: shown }, null, 2)}\n`);
  } else {
    const sections = predictions.map((one) => section(one, most, session));
    await session.print(`${session.style('dim', model.notice)}\n\n${sections.join('\n')}`);
  }
}

function section({ video, probabilities, reasons }: EmotionPrediction, most: number, session: Session): string {
  const ranked = Object.entries(probabilities)
    .sort(([, a], [, b]) => b - a)
    .map(([name, probability]) => `${name} ${percent(probability, 1)} %`);
  const rows = reasons
    .slice(0, most)
    .map(({ feature, value, usual, contribution }) => [
      feature,
      fixed(value, 3),
      fixed(usual, 3),
      `${contribution > 0 ? '+' : ''}${fixed(contribution)}`,
    ]);
  const columns = [
    { title: 'feature', align: 'left' },
    { title: 'value' },
    { title: 'usual' },
    { title: 'contribution' },
  ] as const;
  const line = `${heading(video, session)}${ranked.join(', ')}\n`;
  return rows.length > 0 ? line + numberTable(columns, rows, session) : line;
}
