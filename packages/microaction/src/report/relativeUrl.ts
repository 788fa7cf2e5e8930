import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The URL by which a page at one path finds the file at another; both relative to the working directory. */
export function relativeUrl(pagePath: string, filePath: string): string {
  const path = relative(dirname(resolve(pagePath)), resolve(filePath));
  if (isAbsolute(path)) return pathToFileURL(path).href; // another drive
  return path.split(sep).map(encodeURIComponent).join('/');
}
