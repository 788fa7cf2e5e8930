import type { DetectedVideo } from './detectVideos.ts';
import { printable } from './printable.ts';
import type { Session } from './session.ts';
import { table } from './table.ts';
import { formatTime } from './times.ts';

/** What was found in one video: a heading, and a line an instance. */
export function detectionTable({ file, info, clip, taxonomy }: DetectedVideo, session: Session): string {
  const { durationSeconds, widthPixels, heightPixels, frameRate } = info;
  const unit = durationSeconds < 60 ? ' s' : '';
  const facts = [
    formatTime(durationSeconds) + unit,
    `${widthPixels} x ${heightPixels}`,
    `${Number(frameRate.toFixed(2))} frames/s`,
  ];
  const heading = `${session.style('bold', printable(file))}  ${session.style('dim', facts.join(', '))}\n\n`;
  if (clip.instances.length === 0) return `${heading}No micro-actions found.\n\n`;

  const rows = clip.instances.map(({ action, start, end, score, reason }) => [
    formatTime(start, durationSeconds),
    formatTime(end, durationSeconds),
    (end - start).toFixed(2),
    taxonomy.get(action).code,
    action,
    taxonomy.bodyPartOf(action).name,
    score?.toFixed(2) ?? '',
    reason ?? '',
  ]);
  const lines = table(columns, rows, {
    columns: session.columns,
    spillUnder: 3,
    dim: (text) => session.style('dim', text),
  });
  return `${heading}${lines}\n`;
}

// ---- below: internals ----

const columns = [
  { title: 'start', align: 'right' },
  { title: 'end', align: 'right' },
  { title: 'duration', align: 'right' },
  { title: 'code' },
  { title: 'action' },
  { title: 'body part' },
  { title: 'score', align: 'right' },
  { title: 'reason' },
] as const;
