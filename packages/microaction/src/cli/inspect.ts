import { Command } from 'commander';
import { messageOf } from '../errors.ts';
import type { Video } from '../video/video.ts';
import { printable } from './printable.ts';
import type { Session } from './session.ts';
import { formatTime } from './times.ts';

export function inspectCommand(session: Session): Command {
  return new Command('inspect')
    .description('Say what videos are, and what in them may hinder detection.')
    .argument('<video...>', 'files that FFmpeg can decode')
    .option('--json', 'print one JSON document on standard output and nothing else there')
    .action((videos: string[], options: { json?: true }) => inspect(session, videos, options.json ?? false));
}

// ---- below: internals ----

async function inspect(session: Session, files: readonly string[], asJson: boolean): Promise<void> {
  const { openVideo } = await import('../video/node.ts');
  const videos: object[] = [];
  const failed: object[] = [];
  for (const file of files) {
    try {
      await using video = await openVideo(file, { signal: session.signal });
      if (asJson) videos.push({ file, ...video.info, warnings: warningsFor(file, video) });
      else await session.print(factSheet(file, video, session));
    } catch (error) {
      session.signal.throwIfAborted();
      session.fail(error, file);
      failed.push({ file, error: messageOf(error) });
    }
  }
  const document = failed.length > 0 ? { videos, failed } : { videos };
  if (asJson) await session.print(`${JSON.stringify(document, null, 2)}\n`);
}

function factSheet(file: string, video: Video, session: Session): string {
  const { info } = video;
  const { frameRate, durationSeconds, rotationDegrees } = info;
  const facts = [
    ['codec', info.codec],
    ['size', `${info.widthPixels} x ${info.heightPixels} pixels, as shown`],
    ['rotation', rotationDegrees === 0 ? 'none' : `${rotationDegrees} degrees clockwise`],
    ['frame rate', `${Number(frameRate.toFixed(3))} frames/s${info.variableFrameRate ? ' on average, variable' : ''}`],
    ['frames', String(info.frameCount)],
    ['duration', `${formatTime(durationSeconds)}${durationSeconds < 60 ? ' s' : ''}`],
    ['audio', info.hasAudio ? 'yes' : 'no'],
  ];
  const lines = facts.map(([name, value]) => `  ${session.style('dim', name.padEnd(12))}${printable(value)}\n`);
  const warnings = warningsFor(file, video).map(
    (text) => `  ${session.style('yellow', 'warning'.padEnd(12))}${text}\n`,
  );
  return `${session.style('bold', printable(file))}\n${[...lines, ...warnings].join('')}\n`;
}

/** What the file itself brings up, and what makes micro-actions hard to see. */
function warningsFor(file: string, { info, warnings }: Video): string[] {
  const found = warnings.map((warning) => warning.replace(`${file}: `, ''));
  if (info.variableFrameRate) found.push('the frame rate varies: tools that count frames will drift; use times');
  if (info.frameRate < 10) found.push('so few frames a second miss quick movements such as nodding');
  if (info.durationSeconds < 1) found.push('shorter than most micro-actions');
  if (Math.min(info.widthPixels, info.heightPixels) < 240) found.push('so small a picture blurs hands and faces');
  return found;
}
