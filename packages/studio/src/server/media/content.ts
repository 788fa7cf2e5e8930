/**
 * What a file is that is no video, by its first bytes (some 4,000 of them): `an image (PNG)`, `a text file` ...
 * Undefined for what may be a video.
 */
export function otherThanVideo(start: Uint8Array): string | undefined {
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.byteLength);
  if (bytes.length === 0) return 'an empty file';
  const known = kinds.find(({ at = 0, marks }) =>
    marks.some((mark) => bytes.toString('latin1', at, at + mark.length) === mark),
  );
  if (known) return known.name;
  return bytes.some(isControl) ? undefined : 'a text file';
}

/** The container of a file that libavformat reads, in people's words: one of its readers may take several. */
export function containerName(
  start: Uint8Array,
  reader: { readonly name: string | null; readonly longName: string | null } | null,
): string {
  const name = reader?.name ?? '';
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.byteLength);
  if (name.includes('mp4')) {
    const isMp4 = bytes.toString('latin1', 4, 8) === 'ftyp' && bytes.toString('latin1', 8, 12) !== 'qt  ';
    return isMp4 ? 'MP4' : 'QuickTime';
  }
  // The document type is among the first elements of the header (RFC 8794, 11.2.6).
  if (name.includes('matroska')) return bytes.subarray(0, 100).includes('webm') ? 'WebM' : 'Matroska';
  return containers[name] ?? reader?.longName ?? name;
}

// ---- below: internals ----

const kinds: readonly { readonly name: string; readonly at?: number; readonly marks: readonly string[] }[] = [
  { name: 'an image (PNG)', marks: ['\x89PNG\r\n\x1a\n'] },
  { name: 'an image (JPEG)', marks: ['\xff\xd8\xff'] },
  { name: 'an image (GIF)', marks: ['GIF87a', 'GIF89a'] },
  { name: 'an image (TIFF)', marks: ['II*\0', 'MM\0*'] },
  { name: 'an image (WebP)', at: 8, marks: ['WEBP'] },
  { name: 'an image (HEIF)', at: 4, marks: ['ftypheic', 'ftypheix', 'ftypmif1', 'ftypmsf1'] },
  { name: 'an image (AVIF)', at: 4, marks: ['ftypavif', 'ftypavis'] },
  { name: 'a PDF document', marks: ['%PDF-'] },
  { name: 'a ZIP archive or an office document', marks: ['PK\x03\x04', 'PK\x05\x06'] },
  { name: 'a compressed archive', marks: ['\x1f\x8b', '7z\xbc\xaf\x27\x1c', 'Rar!\x1a\x07'] },
  { name: 'a text file', marks: ['\xff\xfe', '\xfe\xff'] }, // UTF-16
];

/** Bytes that no text of 8 bits holds, in whatever alphabet. */
const isControl = (byte: number) => byte < 32 && !(byte >= 9 && byte <= 13) && byte !== 27;

const containers: Readonly<Record<string, string>> = {
  avi: 'AVI',
  mpegts: 'MPEG-TS',
  mpeg: 'MPEG-PS',
  asf: 'Windows Media',
  flv: 'Flash Video',
  ogg: 'Ogg',
  mxf: 'MXF',
};
