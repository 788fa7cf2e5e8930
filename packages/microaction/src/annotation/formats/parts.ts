import { UserError } from '../../errors.ts';
import { type Clip, compareInstances, type Dataset } from '../dataset.ts';
import type { AnyFormat, Part, ReadResult } from './format.ts';

/** The parts of a data set that this format puts into files of their own; `name` is that of a single file. */
export function partsOf(dataset: Dataset, format: AnyFormat, name: string): Part[] {
  const parts =
    format.parts?.(dataset) ??
    (format.oneClipPerFile
      ? dataset.clips.map((clip) => ({ name: fileNameOf(clip.id), dataset: { ...dataset, clips: [clip] } }))
      : [{ name, dataset }]);
  const taken = new Set<string>();
  return parts.map((part) => {
    let unique = part.name;
    for (let i = 2; taken.has(unique.toLowerCase()); i++) unique = `${part.name}-${i}`;
    taken.add(unique.toLowerCase());
    return { ...part, name: unique };
  });
}

/**
 * The data sets of several files as one. Files of formats that divide a data set otherwise than by clip hold
 * parts of the same clips, whose instances come together; elsewhere a clip stands in one file.
 *
 * @throws UserError `bad-annotations` where two files say the same clip
 */
export function joinFiles(files: readonly { source: string; format: AnyFormat; result: ReadResult }[]): ReadResult {
  const [first] = files;
  const clips = new Map<string, Clip>();
  const sources = new Map<string, string>();
  for (const { source, format, result } of files) {
    for (const clip of result.dataset.clips) {
      const before = clips.get(clip.id);
      if (before && !format.parts) {
        throw new UserError(
          'bad-annotations',
          `${source}: the video "${clip.id}" is in ${sources.get(clip.id)} too; keep one of them in the folder`,
        );
      }
      sources.set(clip.id, source);
      clips.set(clip.id, before ? { ...before, ...clip, instances: [...before.instances, ...clip.instances] } : clip);
    }
  }
  const ordered = [...clips.values()].map((clip) => ({
    ...clip,
    instances: [...clip.instances].sort(compareInstances),
  }));
  const dataset = { ...first.result.dataset, clips: ordered };
  return {
    dataset: files.length === 1 ? first.result.dataset : dataset,
    warnings: files.flatMap(({ result }) => result.warnings),
  };
}

// ---- below: internals ----

/** An id as a file name that every system takes. */
function fileNameOf(id: string): string {
  const name = id
    .replace(/[\\/:*?"<>|\p{Cc}]/gu, '_')
    .replace(/^\.+|[. ]+$/g, '_')
    .slice(0, 100);
  return name || '_';
}
