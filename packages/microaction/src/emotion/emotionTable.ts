import { eachRow } from '../annotation/formats/table.ts';
import { UserError } from '../errors.ts';
import { Problems, shown } from '../problems.ts';

/** What one video is known to show. */
export interface EmotionLabel {
  readonly video: string;
  /** Who is seen; people never stand on both sides of a cross-validation. */
  readonly subject: string;
  readonly emotion: string;
  /** Of the video, for annotations that do not say it. */
  readonly durationSeconds?: number;
  /** In the table, from 1, for messages. */
  readonly line: number;
}

/**
 * Reads a table with the columns `video_id`, `subject`, `emotion` and, optionally, `duration` (seconds); one row a
 * video, other columns are passed over. Commas, semicolons and tabs all divide.
 *
 * @throws UserError `bad-annotations` that names each wrong row and column
 */
export function readEmotions(text: string, source: string): EmotionLabel[] {
  const problems = new Problems(source);
  const labels: EmotionLabel[] = [];
  const lines = new Map<string, number>();
  const nameOf = (column: string) => (column === 'video' ? 'video_id' : column);
  const header = eachRow(
    text,
    source,
    ({ line, cells }, found) => {
      if (lines.size === 0) requireColumns(found, source);
      const [video, subject, emotion] = required.map((column) => {
        const cell = cells.get(column)?.trim() ?? '';
        if (cell === '') problems.add(`line ${line}, ${column}`, `found nothing, expected ${meaning[column]}`);
        return cell;
      });
      const written = cells.get('duration')?.trim() ?? '';
      const durationSeconds = written === '' ? undefined : Number(written);
      if (durationSeconds !== undefined && !(durationSeconds > 0 && Number.isFinite(durationSeconds))) {
        problems.add(`line ${line}, duration`, `found ${shown(written)}, expected seconds above 0`);
      }
      const before = lines.get(video);
      if (before !== undefined && video !== '') {
        problems.add(`line ${line}, video_id`, `found ${shown(video)}, which line ${before} has too; expected it once`);
      }
      lines.set(video, line);
      labels.push({ video, subject, emotion, durationSeconds, line });
    },
    nameOf,
  );
  requireColumns(header, source);
  problems.throwIfAny();
  if (labels.length === 0) throw new UserError('bad-annotations', `${source}: found a header and no row below it`);
  return labels;
}

// ---- below: internals ----

const required = ['video_id', 'subject', 'emotion'] as const;

const meaning = {
  video_id: 'the id of a video, as the annotations name it',
  subject: 'who is seen',
  emotion: 'a label such as "joy"',
} as const;

function requireColumns(header: readonly string[], source: string): void {
  const names = header.map((cell) => cell.trim().toLowerCase().replace(/\s+/g, '_'));
  const missing = required.filter(
    (column) => !names.includes(column) && !(column === 'video_id' && names.includes('video')),
  );
  if (missing.length === 0) return;
  throw new UserError(
    'bad-annotations',
    `${source}: found the columns ${header.map((cell) => shown(cell)).join(', ')}; expected video_id, subject and emotion; missing: ${missing.join(', ')}`,
  );
}
