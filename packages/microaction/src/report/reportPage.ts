import type { Detection } from '../inference/detection.ts';
import { microActions52 } from '../taxonomy/microActions52.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import { pageAssets } from './pageAssets.ts';
import { pageData, scriptSafeJson } from './pageData.ts';

export interface ReportedVideo {
  readonly detection: Detection;
  /** Where the page finds the video: a URL, best one relative to the page (`relativeUrl` makes it). */
  readonly videoUrl: string;
  /** What the page is called: the video's file name, for one. Any text. */
  readonly title: string;
}

export interface ReportPageOptions {
  /** The one that the instances' actions belong to. Default: the 52 micro-actions. */
  readonly taxonomy?: Taxonomy;
}

/**
 * One self-contained HTML page that shows a video's micro-actions: the video (by reference) with key points,
 * a time line, the motion behind each instance, a table, downloads. Needs no network and no server.
 *
 * @throws UserError `unknown-action` when an instance's action is not in the taxonomy
 */
export function reportPage(video: ReportedVideo, options: ReportPageOptions = {}): string {
  const data = pageData(video, options.taxonomy ?? microActions52);
  const { html, css, script } = pageAssets();
  const slots: Record<string, string> = {
    title: escapeHtml(video.title),
    css,
    data: scriptSafeJson(data),
    script,
  };
  // Slots look like %title%, "%data%" or /* %css% */, so that page.html is well-formed as it lies there.
  return html.replace(/(?:\/\* |")?%(\w+)%(?: \*\/|")?/g, (_, name: string) => slots[name]);
}

/** Text as it may stand in an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
