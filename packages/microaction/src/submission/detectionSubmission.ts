import { eachLine, writeTable } from '../annotation/formats/table.ts';
import { UserError } from '../errors.ts';
import { type PredictionTable, TableBuilder } from '../evaluation/detection/detectionTable.ts';
import { Problems, shown } from '../problems.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { pack, type Submission, unpack } from './archive.ts';

/** A video of the list that is to be predicted, as `Clip` is. */
export interface ListedVideo {
  /** As in the list, without the ending of a file: `test0000`. */
  readonly id: string;
  /** Predictions may end up to 0.01 s later, since lists and detectors round differently. Absent: not checked. */
  readonly durationSeconds?: number;
}

/**
 * The submission to the multi-label micro-action detection track of the MAC challenges: a row for each prediction,
 * video by video in the order of the list, in each by falling score, equal scores as they come.
 *
 * @param predictions - labels are names of the taxonomy
 * @throws UserError `bad-annotations` unless all videos are in the list once, all actions are known, scores are 0 to
 *   1 and times lie inside their video
 */
export function detectionSubmission(
  videos: readonly ListedVideo[],
  predictions: PredictionTable,
  taxonomy: Taxonomy,
): Submission {
  const place = placesOf(videos);
  const problems = new Problems(predictions.source);
  const placeOfVideo = predictions.videos.map((id) => place.get(id));
  for (const [v, id] of predictions.videos.entries()) {
    if (placeOfVideo[v] === undefined) problems.add(`video ${shown(id)}`, 'it is not in the list');
  }
  const classOf = predictions.labels.map((label) => taxonomy.find(label));
  for (const [l, label] of predictions.labels.entries()) {
    if (classOf[l]?.name !== label) problems.add(`action ${shown(label)}`, `expected a name of ${taxonomy.name}`);
  }
  const { video, label, start, end, score } = predictions;
  for (let row = 0; row < video.length; row++) {
    const at = placeOfVideo[video[row]];
    if (at === undefined) continue;
    const problem = rowProblem(start[row], end[row], score[row], videos[at].durationSeconds);
    if (problem) problems.add(`video ${shown(videos[at].id)}, ${predictions.labels[label[row]]}`, problem);
  }
  problems.throwIfAny();
  const order = Array.from(video, (_, row) => row).sort(
    (a, b) => placeOfVideo[video[a]]! - placeOfVideo[video[b]]! || score[b] - score[a] || a - b,
  );
  const names = predictions.videos.map((id) => writeTable([[id]], ',').trimEnd());
  const rows = order.map((row, index) => {
    const id = names[video[row]];
    return `${index},${id},${start[row]},${end[row]},${classOf[label[row]]!.id},${score[row]}\n`;
  });
  const predicted = new Set(Array.from(video, (v) => placeOfVideo[v]));
  const table = `,${columns.join(',')}\n${rows.join('')}`;
  return pack(table, emptyWarning(videos.filter((_, i) => !predicted.has(i))));
}

/**
 * Reads such a submission back, its zip or its table, rows in its order, which is what ranks equal scores.
 *
 * @throws UserError `bad-zip`, or `bad-annotations` with all rows that are wrong
 */
export function readDetectionSubmission(bytes: Uint8Array, source: string, taxonomy: Taxonomy): PredictionTable {
  const problems = new Problems(source);
  const builder = new TableBuilder(source, 'predictions');
  let places: number[] | undefined;
  eachLine(unpack(bytes, source), source, (line, cells) => {
    if (!places) {
      places = placesOfColumns(cells, source);
      return;
    }
    const [id, start, end, action, score] = places.map((place) => cells[place]?.trim() ?? '');
    const found = /^\d{1,9}$/.test(action) ? taxonomy.find(Number(action)) : undefined;
    if (id === '') problems.add(`line ${line}, video_id`, 'found nothing, expected the id of a video');
    if (!found) {
      problems.add(`line ${line}, class`, `found ${shown(action)}, expected an id of the taxonomy ${taxonomy.name}`);
    }
    const numbers = { t_start: start, t_end: end, score };
    for (const [column, text] of Object.entries(numbers)) {
      if (text === '' || !Number.isFinite(Number(text))) {
        problems.add(`line ${line}, ${column}`, `found ${shown(text)}, expected a number`);
      }
    }
    if (problems.count > 0) return;
    builder.add(builder.video(id), found?.name, Number(start), Number(end), Number(score), line);
  });
  problems.throwIfAny();
  if (!places) throw new UserError('bad-annotations', `${source} is empty; expected the columns ${columns.join(', ')}`);
  return builder.finish();
}

// ---- below: internals ----

const columns = ['video_id', 't_start', 't_end', 'class', 'score'];
const toleranceSeconds = 0.01;

function placesOfColumns(header: readonly string[], source: string): number[] {
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length === 0) return columns.map((column) => header.indexOf(column));
  throw new UserError(
    'bad-annotations',
    `${source}: the column ${missing.join(', ')} is missing; expected ${columns.join(', ')}`,
  );
}

function placesOf(videos: readonly ListedVideo[]): Map<string, number> {
  const problems = new Problems('The list of videos');
  const place = new Map<string, number>();
  if (videos.length === 0) problems.add('', 'it is empty; expected the videos of the test list');
  for (const [i, { id }] of videos.entries()) {
    if (id === '' || /[\r\n]/.test(id)) problems.add(`video ${i + 1}`, `found the id ${shown(id)}, expected one line`);
    if (/\.mp4$/i.test(id)) problems.add(`video ${shown(id)}`, 'expected its id without the ending .mp4');
    if (place.has(id)) problems.add(`video ${shown(id)}`, 'it occurs twice');
    place.set(id, i);
  }
  problems.throwIfAny();
  return place;
}

function rowProblem(start: number, end: number, score: number, durationSeconds = Infinity): string | undefined {
  if (!(start >= 0)) return `start: found ${start}, expected 0 or more`;
  if (!(start < end && end < Infinity)) return `found ${start} to ${end}, expected a start before its end`;
  if (end > durationSeconds + toleranceSeconds) return `end: found ${end}, and the video ends at ${durationSeconds}`;
  if (!(score >= 0 && score <= 1)) return `score: found ${score}, expected 0 to 1`;
  return undefined;
}

function emptyWarning(videos: readonly ListedVideo[]): string[] {
  if (videos.length === 0) return [];
  const some = videos.slice(0, 3).map(({ id }) => shown(id));
  const more = videos.length > some.length ? ` and ${videos.length - some.length} more` : '';
  return [`Nothing is predicted in ${some.join(', ')}${more}; each video of MMA-52 holds two instances at least.`];
}
