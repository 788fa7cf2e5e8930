import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Cut, CutPlan } from '../../annotation/dataset/cut.ts';
import type { Dataset } from '../../annotation/dataset.ts';
import { UsageError, UserError } from '../../errors.ts';
import { numberWhere } from '../arguments.ts';
import { addSubsetOptions, readTogether, relocated, type SubsetOptions, stem, wholeFrom } from '../inputs.ts';
import { counted, fixed } from '../numbers.ts';
import { numberTable } from '../numberTable.ts';
import type { Session } from '../session.ts';
import { addDatasetOutput, type DatasetOutput, datasetFiles, sizeOf, writeAndTell } from '../writeDataset.ts';

export function clipCommand(session: Session): Command {
  const command = new Command('clip')
    .description('Cut long recordings into short clips without cutting an instance.')
    .argument('<path...>', 'annotation files, or folders of them; several become one data set');
  return addDatasetOutput(addSubsetOptions(command))
    .option('--min-seconds <number>', 'of a clip (default: 5)', length)
    .option('--max-seconds <number>', 'of a clip, at least twice the least (default: 15)', length)
    .option('--min-instances <count>', 'leave out clips with fewer (default: 0; MMA-52 has 2 at least)', wholeFrom(0))
    .option('--videos <folder>', 'cut the recordings too: the files in this folder that are called as their ids')
    .addHelpText('after', explanation)
    .action((paths: string[], options: ClipOptions) => clip(session, paths, options));
}

// ---- below: internals ----

interface ClipOptions extends SubsetOptions, DatasetOutput {
  readonly minSeconds?: number;
  readonly maxSeconds?: number;
  readonly minInstances?: number;
  readonly videos?: string;
}

const length = numberWhere((value) => value > 0, 'seconds above 0');

const explanation = `
Writes into the folder --out the annotations of the clips, timed from their
starts, and cuts.csv, which says from where to where each goes. With --videos
the clips themselves are written as well, as CLIP.mp4: frame-exact, H.264 with
little loss. Clips that are there already are kept, so a stopped run goes on.

Example:
  microaction dataset clip interviews.json --videos recordings --out clips
`;

async function clip(session: Session, paths: readonly string[], options: ClipOptions): Promise<void> {
  const [{ dataset, folder }, { planCuts }, { writeTable }] = await Promise.all([
    readTogether(session, paths, options),
    import('../../annotation/dataset/cut.ts'),
    import('../../annotation/formats/table.ts'),
  ]);
  const { out, minSeconds, maxSeconds, minInstances } = options;
  if (/\.[a-z]{2,8}$/i.test(out)) throw new UsageError(`--out ${out}: several files are written; name a folder.`);
  const plan = planCuts(relocated(dataset, folder, out), { minSeconds, maxSeconds, minInstances });
  const written = options.videos === undefined ? plan.dataset : await cutVideos(session, plan, options.videos, options);
  const header = ['clip', 'source', 'file', 'start', 'end', 'seconds', 'instances_cut'];
  const rows = plan.cuts.map(({ clip, source, file, start, end, truncated }) => [
    ...[clip, source, file ?? ''],
    ...[start, end, end - start].map((value) => Number(value.toFixed(6))),
    truncated.length,
  ]);
  const cuts = { path: join(out, 'cuts.csv'), content: writeTable([header, ...rows], ',') };
  const name = `${stem(paths[0])}-clips`;
  const files = [cuts, ...(await datasetFiles(session, [{ dataset: written, folder: out, name }], options))];
  const kept = new Set(plan.cuts.map(({ source }) => source));
  const facts = {
    recordings: dataset.clips.length,
    recordingsLeftOut: dataset.clips.filter(({ id }) => !kept.has(id)).length,
    ...sizeOf(plan.dataset),
    instancesCut: plan.cuts.reduce((sum, { truncated }) => sum + truncated.length, 0),
    cuts: plan.cuts,
  };
  await writeAndTell(session, files, options, { summary: summary(facts, session), facts });
}

/** Writes the clips that are not there yet; the data set then names them. */
async function cutVideos(
  session: Session,
  { cuts, dataset }: CutPlan,
  folder: string,
  { out, overwrite }: Pick<DatasetOutput, 'out' | 'overwrite'>,
): Promise<Dataset> {
  const [{ cutVideo }, { videoFiles }] = await Promise.all([
    import('../../files/cutVideo.ts'),
    import('../../files/measureVideos.ts'),
  ]);
  const recordings = await videoFiles(folder);
  const missing = [...new Set(cuts.map(({ source }) => source))].filter((source) => !recordings.has(source));
  if (missing.length > 0) {
    throw new UserError(
      'no-such-file',
      `${folder}: has no video of ${missing.slice(0, 5).join(', ')}; name another folder`,
    );
  }
  const nameOfClip = ({ clip }: Cut) => `${clip.replace(/[\\/:*?"<>|]/g, '_')}.mp4`;
  for (const [i, cut] of cuts.entries()) {
    const path = join(out, nameOfClip(cut));
    // A run that was stopped goes on where it was.
    if (!overwrite && existsSync(path)) continue;
    await cutVideo(recordings.get(cut.source)!, cut, path, { signal: session.signal });
    session.note(`${path} (${i + 1} of ${cuts.length})`);
  }
  const names = new Map(cuts.map((cut) => [cut.clip, nameOfClip(cut)]));
  return { ...dataset, clips: dataset.clips.map((clip) => ({ ...clip, file: names.get(clip.id) ?? clip.file })) };
}

function summary(
  facts: { recordings: number; videos: number; instances: number; instancesCut: number; cuts: readonly Cut[] },
  session: Session,
): string {
  const { recordings, videos, instances, instancesCut, cuts } = facts;
  const lengths = cuts.map(({ start, end }) => end - start).sort((a, b) => a - b);
  const rows = [
    ['recordings', String(recordings)],
    ['clips', String(videos)],
    ['instances in them', String(instances)],
  ];
  rows.push(
    ['seconds of a clip, least', fixed(lengths[0])],
    ['seconds of a clip, median', fixed(lengths[lengths.length >> 1])],
    ['seconds of a clip, most', fixed(lengths.at(-1))],
  );
  const table = numberTable([{ title: 'what', align: 'left' }, { title: 'number' }], rows, session);
  if (instancesCut === 0) return `${table}No instance is cut.\n`;
  return `${table}${counted(instancesCut, 'part')} of instances too long to stay whole; cuts.csv says where.\n`;
}
