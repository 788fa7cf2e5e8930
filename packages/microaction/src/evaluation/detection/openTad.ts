import { UserError } from '../../errors.ts';
import { shown } from '../../problems.ts';
import {
  type DetectionTable,
  type PredictionOptions,
  type PredictionTable,
  TableBuilder,
  type TruthOptions,
} from './detectionTable.ts';

/**
 * The truth in a parsed ActivityNet/OpenTAD document, `{ database: { VIDEO: { subset, duration, annotations } } }`,
 * with labels and order as they are in it: nothing is mapped, mended or sorted.
 *
 * @throws UserError `bad-annotations` with all that is wrong
 */
export function truthOfOpenTad(document: unknown, source: string, options: TruthOptions = {}): DetectionTable {
  const builder = new TableBuilder(source, 'truth');
  for (const [id, video] of videosOf(document, 'database', source)) {
    const fields = isObject(video) ? video : {};
    if (options.subset !== undefined && fields.subset !== options.subset) continue;
    if (options.video?.(id) === false) continue;
    addAll(builder, builder.video(id, fields.duration as number | undefined), id, fields.annotations, false);
  }
  return builder.finish();
}

/**
 * The predictions in a parsed OpenTAD document, `{ results: { VIDEO: [{ label, segment: [start, end], score }] } }`,
 * in the order of the document.
 *
 * @throws UserError `bad-annotations` with all that is wrong: what is no finite number is never scored
 */
export function predictionsOfOpenTad(
  document: unknown,
  source: string,
  options: PredictionOptions = {},
): PredictionTable {
  const builder = new TableBuilder(source, 'predictions', options.strict);
  for (const [id, list] of videosOf(document, 'results', source)) {
    if (options.video?.(id) !== false) addAll(builder, builder.video(id), id, list, true);
  }
  return builder.finish();
}

// ---- below: internals ----

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function videosOf(document: unknown, field: 'database' | 'results', source: string): [string, unknown][] {
  const videos = isObject(document) ? document[field] : undefined;
  if (isObject(videos)) return Object.entries(videos);
  throw new UserError('bad-annotations', `${source}: ${field}: found ${shown(videos)}, expected an object by video`);
}

function addAll(builder: TableBuilder, video: number, id: string, list: unknown, scored: boolean): void {
  if (!Array.isArray(list)) {
    builder.problem(`video ${shown(id)}`, `found ${shown(list)}, expected a list of annotations`);
    return;
  }
  for (let i = 0; i < list.length; i++) {
    const { label, segment, score } = (list[i] ?? {}) as Fields;
    const pair = Array.isArray(segment) && segment.length === 2;
    if (pair) builder.add(video, label, segment[0], segment[1], scored ? score : 0, i);
    else
      builder.problem(`video ${shown(id)}, instance ${i}`, `segment: found ${shown(segment)}, expected [start, end]`);
  }
}
