import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeNpy } from 'onnxgrad/weights';
import type { Clip } from '../annotation/dataset.ts';
import { UserError } from '../errors.ts';
import { writeAtomically } from '../files/writeAtomically.ts';
import { explaining, isEngineFailure } from '../inference/model/engineFailure.ts';
import type { FeatureMaker } from '../inference/model/videoFeatures.ts';
import { openVideo } from '../video/node.ts';
import { counted } from './numbers.ts';
import { progressDisplay } from './progress.ts';
import type { Session } from './session.ts';

/** What features are made by; the manifest says it. */
export interface FeatureOrigin {
  readonly of: string;
  readonly file: string | null;
  readonly sizePixels: number;
  readonly clipFrames?: number;
}

export interface WriteFeaturesOptions {
  readonly about: FeatureOrigin;
  readonly out: string;
  /** Makes anew what is there already. */
  readonly overwrite?: boolean;
  readonly threads?: number;
  readonly quiet: boolean;
}

/**
 * Writes the features of videos, `ID.npy` [channels, steps] for each, and `features.json`, which says what they are. Those
 * that are there already stay; a video that cannot be read is told on standard error, and the next one follows.
 *
 * @throws UserError `exists` where the folder holds features of another kind; the signal's reason
 */
export async function writeFeatures(
  session: Session,
  clips: readonly Clip[],
  maker: FeatureMaker,
  { about, out, overwrite = false, threads, quiet }: WriteFeaturesOptions,
): Promise<void> {
  const { signal } = session;
  const { channels, strideFrames, offsetFrames } = maker;
  const manifest = { ...about, layout: '[channels, steps]', channels, strideFrames, offsetFrames };
  await writeManifest(join(out, 'features.json'), manifest, { overwrite, signal });
  const display = progressDisplay(session, { quiet, videos: clips.length });
  let [made, kept, skipped] = [0, 0, 0];
  for (const { id, file } of clips) {
    const path = join(out, `${id}.npy`);
    if (!overwrite && (await stat(path).catch(() => undefined))) {
      kept++;
      continue;
    }
    let outcome: string | undefined;
    display.begin(id);
    try {
      if (file === undefined) throw new UserError('no-such-file', `${id}: the data set has no video of this name`);
      await using video = await openVideo(file, { signal, threads });
      const { durationSeconds } = video.info;
      const onProgress = ({ done, total }: { done: number; total: number }) =>
        display.update({
          stage: 'making features',
          doneSeconds: (done / total) * durationSeconds,
          totalSeconds: durationSeconds,
        });
      const { steps, data } = await explaining(about.file ?? about.of, () =>
        maker.features(video, { signal, onProgress }),
      );
      await writeAtomically(path, writeNpy({ dtype: 'float32', shape: [channels, steps], data }), { signal });
      outcome = counted(steps, 'step');
      made++;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof UserError) || error.code === 'disk-full' || isEngineFailure(error)) throw error;
      session.fail(error, id);
      skipped++;
    } finally {
      display.end(outcome);
    }
  }
  if (quiet) return;
  const also = `${kept > 0 ? `, ${kept} were there` : ''}${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  session.note(`wrote features of ${counted(made, 'video')} into ${out}${also}`);
}

// ---- below: internals ----

/** One folder holds features of one kind. */
async function writeManifest(
  path: string,
  manifest: Record<string, unknown>,
  { overwrite, signal }: { readonly overwrite: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before !== undefined && before !== text && !overwrite) {
    const advice = 'name another folder, or add --overwrite to make all anew';
    throw new UserError('exists', `${path}: this folder holds features of another kind; ${advice}`);
  }
  await writeAtomically(path, text, { signal });
}
