import type { PageData } from '../pageData.ts';
import { element } from './element.ts';
import { durationText } from './timeText.ts';

/** Loads the video that the page refers to; when that fails says so, and lets the reader choose the file. */
export function startVideo(video: HTMLVideoElement, message: HTMLElement, data: PageData): void {
  let source: { name: string; chosen: boolean };
  const load = (url: string, name: string, chosen: boolean) => {
    source = { name, chosen };
    video.src = url;
  };
  const chooser = element('input', {
    type: 'file',
    accept: 'video/*,.mkv,.avi,.mov',
    class: 'only-spoken',
    tabindex: -1,
  });
  chooser.addEventListener('change', () => {
    const file = chooser.files?.[0];
    if (!file) return;
    URL.revokeObjectURL(video.src);
    load(URL.createObjectURL(file), file.name, true);
  });
  const button = element('button', { type: 'button', onclick: () => chooser.click() }, 'Choose the file …');
  const say = (...lines: string[]) => {
    message.replaceChildren(...lines.map((line) => element('p', {}, line)), button, chooser);
    message.hidden = false;
  };

  video.addEventListener('error', () => {
    const rest = 'The time line, the key points and the table work without it.';
    if (source.chosen)
      say(`This browser cannot play ${source.name}: not a video, or coded in a way it does not know.`, rest);
    else say(`The video cannot be shown: ${source.name} is not where it was, or this browser cannot play it.`, rest);
  });
  video.addEventListener('loadedmetadata', () => {
    const difference = Math.abs(video.duration - data.durationSeconds);
    if (video.videoWidth === 0) say(`${source.name} has sound, but no picture that this browser can show.`);
    else if (Number.isFinite(difference) && difference > Math.max(1, data.durationSeconds * 0.02)) {
      say(
        `${source.name} lasts ${durationText(video.duration)}, but the video that was analysed lasts ${durationText(data.durationSeconds)}. Is it the right one?`,
      );
    } else message.hidden = true;
  });
  load(data.videoUrl, readableUrl(data.videoUrl), false);
}

// ---- below: internals ----

function readableUrl(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
