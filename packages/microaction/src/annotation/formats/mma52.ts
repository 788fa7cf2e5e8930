import { UserError } from '../../errors.ts';
import { Problems, shown } from '../../problems.ts';
import { type Clip, compareInstances, type Instance } from '../dataset.ts';
import { checkDataset } from '../validate.ts';
import type { AnnotationFormat } from './format.ts';
import { eachRow, headerOf, type Row, writeTable } from './table.ts';

const needed = ['video_id', 'start_frame', 'end_frame', 'class'];
const usualFrameRate = 30;

/**
 * The annotation tables of MMA-52: frames and class ids. Both releases are read: the official one with a
 * column `fps`, and the one with raw ids, which leaves the frame rate to the reader. Ids are case sensitive.
 */
export const mma52: AnnotationFormat = {
  name: 'mma52',
  title: 'MMA-52 table (frames)',
  fileEnding: '.csv',
  oneClipPerFile: false,
  timeStep: 'frame',
  loses: ['file', 'widthPixels', 'heightPixels', 'subset', 'subject', 'score', 'reason', 'clips without instances'],

  read(text, { source, taxonomy, frameRate }) {
    const header = headerOf(text);
    const missing = needed.filter((column) => !header.includes(column));
    if (missing.length > 0) {
      throw new UserError(
        'bad-annotations',
        `${source}: the column ${missing.join(', ')} is missing; expected ${needed.join(', ')}, total_frames and fps`,
      );
    }
    const problems = new Problems(source);
    const warnings: string[] = [];
    if (!header.includes('fps') && frameRate === undefined) {
      warnings.push(`${source} has no column fps: ${usualFrameRate} frames a second assumed.`);
    }
    const videos = new Map<string, { frameRate: number; totalFrames?: number; instances: Instance[] }>();
    let pastEnd = 0;
    let rows = 0;
    eachRow(text, source, (row) => {
      rows += 1;
      const id = row.cells.get('video_id') ?? '';
      if (id === '') problems.add(`line ${row.line}, video_id`, 'found nothing, expected the id of a video');
      const rate = positive(row, 'fps', problems) ?? frameRate ?? usualFrameRate;
      const totalFrames = positive(row, 'total_frames', problems);
      const start = whole(row, 'start_frame', problems);
      const end = whole(row, 'end_frame', problems);
      const classId = whole(row, 'class', problems);
      const action = classId === undefined ? undefined : taxonomy.find(classId);
      if (classId !== undefined && !action) {
        problems.add(`line ${row.line}, class`, `found ${classId}, expected an id of the taxonomy ${taxonomy.name}`);
      }
      let video = videos.get(id);
      if (!video) videos.set(id, (video = { frameRate: rate, totalFrames, instances: [] }));
      if (video.frameRate !== rate) {
        problems.add(`line ${row.line}, fps`, `found ${rate}, and ${video.frameRate} before for ${shown(id)}`);
      }
      if (start === undefined || end === undefined || !action) return;
      if (start >= end) problems.add(`line ${row.line}`, `start_frame ${start} must be before end_frame ${end}`);
      if (totalFrames !== undefined && end > totalFrames) pastEnd += 1;
      video.instances.push({ action: action.name, start: start / rate, end: end / rate });
    });
    problems.throwIfAny();
    if (pastEnd > 0) warnings.push(`${source}: ${pastEnd} of ${rows} rows end after total_frames.`);
    const twins = videos.size - new Set([...videos.keys()].map((id) => id.toLowerCase())).size;
    if (twins > 0) {
      warnings.push(
        `${source}: ${twins} ids differ from another in case only; on a disk that ignores case one video replaces the other.`,
      );
    }
    const clips = [...videos].map(
      ([id, video]): Clip => ({
        id,
        ...(video.totalFrames !== undefined && { durationSeconds: video.totalFrames / video.frameRate }),
        frameRate: video.frameRate,
        instances: video.instances.sort(compareInstances),
      }),
    );
    return { dataset: { taxonomy, clips }, warnings };
  },

  write(dataset, options = {}) {
    checkDataset(dataset);
    const header = ['id', 'video_id', 'start_frame', 'end_frame', 'class', 'total_frames', 'fps'];
    const rows: (string | number)[][] = [];
    for (const clip of dataset.clips) {
      const rate = clip.frameRate ?? options.frameRate;
      if (rate === undefined) {
        throw new UserError(
          'no-frame-rate',
          `The frame rate of ${shown(clip.id)} is not known; MMA-52 tables count frames.`,
        );
      }
      const total = clip.durationSeconds === undefined ? '' : Math.max(1, Math.round(clip.durationSeconds * rate));
      const fps = Number.isInteger(rate) ? rate.toFixed(1) : rate;
      const inFrames = clip.instances.map((instance): Instance => {
        const start = Math.round(instance.start * rate);
        return { ...instance, start, end: Math.max(start + 1, Math.round(instance.end * rate)) };
      });
      for (const { action, start, end } of inFrames.sort(compareInstances)) {
        rows.push([rows.length, clip.id, start, end, dataset.taxonomy.get(action).id, total, fps]);
      }
    }
    return writeTable([header, ...rows], ',');
  },

  recognises: (text) => {
    const header = headerOf(text);
    return needed.every((column) => header.includes(column));
  },
};

// ---- below: internals ----

function whole(row: Row, column: string, problems: Problems): number | undefined {
  const text = row.cells.get(column)?.trim() ?? '';
  if (/^\d+(\.0*)?$/.test(text)) return Number(text);
  problems.add(`line ${row.line}, ${column}`, `found ${shown(text)}, expected a whole number`);
  return undefined;
}

/** Undefined where the column is absent or empty. */
function positive(row: Row, column: string, problems: Problems): number | undefined {
  const text = row.cells.get(column)?.trim() ?? '';
  if (text === '') return undefined;
  if (Number(text) > 0 && Number(text) < Number.POSITIVE_INFINITY) return Number(text);
  problems.add(`line ${row.line}, ${column}`, `found ${shown(text)}, expected a number above 0`);
  return undefined;
}
