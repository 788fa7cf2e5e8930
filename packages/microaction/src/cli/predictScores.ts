import { messageOf, UserError } from '../errors.ts';
import { checkOutputFolder } from '../files/outputFolder.ts';
import type { ListedClip } from '../files/readClipList.ts';
import type { ClipRecogniser } from '../inference/recognition/clipRecogniser.ts';
import type { RecognitionOptions } from '../inference/recognition/recogniseClip.ts';
import type { ClipScores } from '../inference/recognition/scoreStore.ts';
import type { DeviceName } from './device.ts';
import { counted } from './numbers.ts';
import { progressDisplay } from './progress.ts';
import type { ViewChoice } from './recognize.ts';
import type { Session } from './session.ts';
import { refuseExisting } from './writeFiles.ts';

export interface ScoreOptions extends ViewChoice {
  readonly data: string;
  readonly split?: string;
  readonly model: string;
  readonly out: string;
  readonly overwrite?: true;
  readonly device?: DeviceName;
  readonly threads?: number;
  readonly quiet?: true;
}

/** Recognises all clips of a subset: scores as .npy, in the order of the subset's list. */
export async function predictScores(session: Session, options: ScoreOptions): Promise<void> {
  const { data, split, model, out, overwrite, device, threads, quiet, samples } = options;
  const { views: crops = 'centre', average: averaging = 'probability' } = options;
  const { signal } = session;
  if (!/\.npy$/i.test(out)) {
    throw new UserError(
      'wrong-use',
      `--out ${out}: expected .npy for the scores of clips, or .json for a time line of videos`,
    );
  }
  await refuseExisting([out], overwrite);
  const [
    { dirname },
    { loadClipRecogniser },
    { sideOf },
    { readClipList },
    { openScores, writeScores },
    { partialPath },
    { digestOf },
  ] = await Promise.all([
    import('node:path'),
    import('../inference/recognition/modelRecogniser.ts'),
    import('../inference/recognition/recogniseClip.ts'),
    import('../files/readClipList.ts'),
    import('../inference/recognition/scoreStore.ts'),
    import('../inference/model/partialResults.ts'),
    import('../inference/model/modelFiles.ts'),
  ]);
  await checkOutputFolder(dirname(out));
  await using recogniser = await loadClipRecogniser(model, { device, threads });
  sideOf(crops, recogniser); // refused before any clip is looked at
  const { taxonomy } = recogniser;
  const { clips, source } = await readClipList(data, { taxonomy, split, signal });
  const made = [await digestOf(model), crops, samples ?? 1, averaging].join(' ');
  await using results = await openScores(out, made);
  const open = clips.filter(({ id }) => !results.has(id));
  const note = (line: string) => quiet || session.note(line);
  const done = clips.length - open.length;
  if (done > 0) note(`${partialPath(out)}: goes on after ${counted(done, 'clip')} that an earlier run looked at`);

  const display = progressDisplay(session, { quiet: quiet ?? false, videos: open.length });
  let skipped = 0;
  for (const clip of open) {
    let outcome: string | undefined;
    display.begin(clip.id);
    try {
      const onProgress = display.update.bind(display);
      const found = await scoresOf(clip, recogniser, { crops, samples, averaging, signal, onProgress, threads });
      await results.add(found);
      if (found.skipped !== undefined) {
        skipped++;
        session.fail(new UserError('skipped', found.skipped), clip.id);
      } else outcome = taxonomy.actions[likeliest(found.probabilities)].name;
    } finally {
      display.end(outcome);
    }
  }
  const ids = clips.map(({ id }) => id);
  await writeScores(out, results, { ids, classes: taxonomy.actions.length, signal });
  const unread = skipped > 0 ? `; ${skipped} could not be read and have equal scores for all actions` : '';
  note(`wrote ${out}: ${counted(clips.length, 'clip')}, in the order of ${source}${unread}`);
}

// ---- below: internals ----

async function scoresOf(
  { id, file }: ListedClip,
  recogniser: ClipRecogniser,
  { threads, signal, ...options }: RecognitionOptions & { readonly threads?: number },
): Promise<ClipScores> {
  const [{ recogniseClip }, { openVideo }, { isEngineFailure }] = await Promise.all([
    import('../inference/recognition/recogniseClip.ts'),
    import('../video/node.ts'),
    import('../inference/model/engineFailure.ts'),
  ]);
  if (file === undefined) return { id, skipped: 'the data set has no video of this name' };
  try {
    await using video = await openVideo(file, { signal, threads });
    const { probabilities } = await recogniseClip(video, recogniser, { signal, ...options });
    return { id, probabilities: Array.from(probabilities, Math.fround) };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof UserError) || isEngineFailure(error)) throw error;
    return { id, skipped: messageOf(error) };
  }
}

const likeliest = (probabilities: readonly number[]): number => probabilities.indexOf(Math.max(...probabilities));
