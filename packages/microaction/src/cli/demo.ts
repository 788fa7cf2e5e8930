import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { demonstrationVideo } from '../files/demonstrationVideo.ts';
import { detectorNames } from '../inference/detectors.ts';
import { microActions52 } from '../taxonomy/microActions52.ts';
import { asTyped } from './asTyped.ts';
import { detectionTable } from './detectionTable.ts';
import { detectVideos } from './detectVideos.ts';
import type { Session } from './session.ts';

export function demoCommand(session: Session): Command {
  return new Command('demo')
    .description(`Find the micro-actions in videos, or in a drawn one that comes along, and show them on a page.`)
    .argument('[video...]', 'files that FFmpeg can decode (default: the drawn one)')
    .addHelpText('after', `\nWrites into the folder ${folder}, replacing what an earlier demo left there.\n`)
    .action((videos: string[]) => demo(session, videos));
}

// ---- below: internals ----

const folder = 'microaction-demo';

async function demo(session: Session, videos: readonly string[]): Promise<void> {
  const files = videos.length > 0 ? videos.map(asTyped(session.environment)) : [relative('', demonstrationVideo)];
  const request = { model: detectorNames[0], taxonomy: microActions52, folder, quiet: false } as const;
  const outputs = { formats: ['csv', 'eaf', 'json'], report: true, overwrite: true } as const;
  const pages: string[] = [];
  for await (const result of detectVideos(session, files, { ...request, ...outputs })) {
    if ('error' in result) continue;
    await session.print(detectionTable(result, session));
    pages.push(...result.written.filter((path) => path.endsWith('.html')));
  }
  if (pages.length > 0) await session.print(whatNext(pages, session));
}

function whatNext(pages: readonly string[], session: Session): string {
  const urls = pages.map((page) => `  ${session.style('bold', pathToFileURL(page).href)}\n`);
  return `Open in a browser to see the time line beside the video:
${urls.join('')}
In the same folder: .eaf for ELAN, .csv for tables, .json for programs.
The next demo replaces these files: copy what you correct.

With a video of your own:  npx microaction demo VIDEO
All that it can do:        npx microaction detect --help
`;
}
