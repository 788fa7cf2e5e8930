import type { PageData } from '../pageData.ts';
import type { Item } from './state.ts';

/** The instances as the command line's `--json` prints them. */
export function instancesAsJson(data: PageData, items: readonly Item[]): string {
  const document = {
    version: 1,
    model: data.model,
    videos: [
      {
        file: data.title,
        duration: data.durationSeconds,
        fps: data.frameRate,
        width: data.widthPixels,
        height: data.heightPixels,
        instances: items.map(({ kind, start, end, score, reason }) => ({
          action: kind.name,
          code: kind.code,
          bodyPart: data.bodyParts[kind.part].name,
          start,
          end,
          score,
          reason,
        })),
      },
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** One row an instance, times in seconds; RFC 4180. */
export function instancesAsCsv(data: PageData, items: readonly Item[]): string {
  const rows = items.map(({ kind, start, end, score, reason }) => [
    data.title,
    kind.name,
    kind.code,
    data.bodyParts[kind.part].name,
    start,
    end,
    Number((end - start).toFixed(4)),
    score,
    reason,
  ]);
  return [csvHeader, ...rows].map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
}

/** Hands a text to the browser as a file to keep. */
export function saveText(text: string, type: string, fileName: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// ---- below: internals ----

const csvHeader = ['file', 'action', 'code', 'body_part', 'start_s', 'end_s', 'duration_s', 'score', 'reason'];

function csvField(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
