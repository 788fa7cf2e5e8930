import type { Clip } from '../dataset.ts';
import { baseName } from './format.ts';
import { elementsOf, newElement, textOf, type XmlElement } from './xml.ts';

// What an ELAN header says of its video. ELAN has places for the file alone; the rest goes into properties,
// which it keeps.

export type ClipFields = Omit<Clip, 'id' | 'instances' | 'foreign'>;

const numbers = {
  durationSeconds: 'duration',
  frameRate: 'fps',
  widthPixels: 'width',
  heightPixels: 'height',
} as const;
const texts = { subset: 'subset', subject: 'subject' } as const;

export function readFields(header: XmlElement): ClipFields {
  const fields: Record<string, string | number> = {};
  const file = fileOf(header);
  if (file) fields.file = file;
  for (const [field, name] of Object.entries(numbers)) {
    const value = Number(propertyOf(header, name) || Number.NaN);
    if (value > 0 && value < Number.POSITIVE_INFINITY) fields[field] = value;
  }
  for (const [field, name] of Object.entries(texts)) {
    const value = propertyOf(header, name);
    if (value) fields[field] = value;
  }
  return fields;
}

/** The id written there, else the name of the video's file, else of the document's. */
export function readId(header: XmlElement, source: string): string {
  return propertyOf(header, 'id') || baseName(fileOf(header) ?? '') || baseName(source);
}

/** Makes a header say of its video what a clip does; touches nothing that it says already. */
export function writeFields(header: XmlElement, clip: Clip, source: string, folder: string | undefined): void {
  const before = readFields(header);
  if (clip.file !== undefined && clip.file !== before.file) setFile(header, clip.file, folder);
  if (clip.id !== readId(header, source)) setProperty(header, 'id', clip.id);
  for (const [field, name] of Object.entries({ ...numbers, ...texts })) {
    const value = clip[field as keyof ClipFields];
    if (value !== before[field as keyof ClipFields]) setProperty(header, name, value?.toString());
  }
}

/** Milliseconds that the first video leaves out at its start: add them for times in the video. */
export function timeOriginOf(header: XmlElement): number {
  return Number(videoOf(header)?.attributes.TIME_ORIGIN ?? 0) || 0;
}

export function setPlainProperty(header: XmlElement, name: string, value: string | undefined): void {
  const found = elementsOf(header, 'PROPERTY').find(({ attributes }) => attributes.NAME === name);
  if (found && value === undefined) header.children.splice(header.children.indexOf(found), 1);
  else if (found) found.children.splice(0, found.children.length, value as string);
  else if (value !== undefined) header.children.push(newElement('PROPERTY', { NAME: name }, [value]));
}

// ---- below: internals ----

const propertyName = (name: string) => `microaction.${name}`;

function propertyOf(header: XmlElement, name: string): string | undefined {
  const found = elementsOf(header, 'PROPERTY').find(({ attributes }) => attributes.NAME === propertyName(name));
  return found && textOf(found);
}

const setProperty = (header: XmlElement, name: string, value: string | undefined) =>
  setPlainProperty(header, propertyName(name), value);

/** The first medium that is a video, else the first. */
function videoOf(header: XmlElement): XmlElement | undefined {
  const media = elementsOf(header, 'MEDIA_DESCRIPTOR');
  return media.find(({ attributes }) => attributes.MIME_TYPE?.startsWith('video/')) ?? media[0];
}

function fileOf(header: XmlElement): string | undefined {
  const { RELATIVE_MEDIA_URL: relative, MEDIA_URL: absolute } = videoOf(header)?.attributes ?? {};
  if (relative) return unescaped(relative.replace(/^file:\/?(?=\.)/, '').replace(/^\.\//, ''));
  return absolute ? pathOf(absolute) : undefined;
}

function setFile(header: XmlElement, file: string, folder: string | undefined): void {
  const isUrl = /^[a-z][a-z0-9+.-]+:\/\//i.test(file);
  const relative = isUrl ? undefined : isAbsolute(file) ? folder && relativePath(folder, file) : file;
  const absolute = isUrl || isAbsolute(file) ? file : folder && `${folder.replace(/[\\/]$/, '')}/${file}`;
  const attributes = {
    MEDIA_URL: isUrl ? file : escaped(absolute === undefined ? `./${file}` : urlOf(absolute)),
    MIME_TYPE: mimeTypes[/\.([^.]+)$/.exec(file)?.[1].toLowerCase() ?? ''] ?? 'video/*',
    ...(relative !== undefined && {
      RELATIVE_MEDIA_URL: escaped(relative.startsWith('.') ? relative : `./${relative}`),
    }),
  };
  const before = videoOf(header);
  if (before) {
    delete before.attributes.RELATIVE_MEDIA_URL;
    Object.assign(before.attributes, attributes);
  } else header.children.unshift(newElement('MEDIA_DESCRIPTOR', attributes));
}

const mimeTypes: Record<string, string> = {
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  mpg: 'video/mpeg',
  mpeg: 'video/mpeg',
  webm: 'video/webm',
  avi: 'video/x-msvideo',
  mkv: 'video/x-matroska',
};

const isAbsolute = (path: string) => /^([\\/]|[A-Za-z]:[\\/])/.test(path);

// ELAN writes and reads paths in its URLs as they are, without percent signs for blanks and other letters. Only
// what the schema refuses in a URI is escaped.
const escaped = (path: string) => path.replace(/[%#]/g, encodeURIComponent);
const unescaped = (path: string) => path.replace(/%2[35]/g, decodeURIComponent);
const urlOf = (path: string) => `file://${/^[\\/]/.test(path) ? '' : '/'}${simplified(path)}`;

function pathOf(url: string): string {
  if (!/^file:/i.test(url)) return url.replace(/^\.\//, '');
  const path = url.replace(/^file:\/{0,2}(?=\/)/i, '');
  return unescaped(/^\/[A-Za-z]:/.test(path) ? path.slice(1) : path);
}

/** Forward slashes, without `.` and with `..` resolved where there is something to leave. */
function simplified(path: string): string {
  const parts: string[] = [];
  for (const part of path.replaceAll('\\', '/').split('/')) {
    if (part === '.') continue;
    if (part === '..' && parts.length > 1) parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

/** Undefined where no way leads from one to the other, as between two drives. */
function relativePath(folder: string, file: string): string | undefined {
  const from = simplified(folder).replace(/\/$/, '').split('/');
  const to = simplified(file).split('/');
  let shared = 0;
  while (shared < from.length && from[shared] === to[shared]) shared += 1;
  if (shared === 0) return undefined;
  return [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/');
}
