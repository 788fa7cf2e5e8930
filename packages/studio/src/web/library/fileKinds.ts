import type { FormatChoice } from '../../contract/results.ts';

/** Whether a file is to be imported rather than opened as a video: by how it ends, and by what the browser takes it for. */
export function isAnnotationFile(file: Pick<File, 'name' | 'type'>, formats: readonly FormatChoice[]): boolean {
  if (file.type.startsWith('video/')) return false;
  const name = file.name.toLowerCase();
  if (formats.some(({ fileEnding }) => name.endsWith(fileEnding.toLowerCase()))) return true;
  return /^text\/|json|xml|csv|zip|spreadsheet/.test(file.type);
}
