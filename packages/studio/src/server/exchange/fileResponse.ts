export interface FileAnswer {
  /** With its ending; any text: it may hold what people typed. */
  readonly name: string;
  readonly type: string;
  /** To be shown in the page; otherwise browsers save it. */
  readonly shows?: boolean;
}

/** A file to save or to show. Its name is said as RFC 6266 has it, in ASCII and, for all others, in UTF-8. */
export function fileResponse(content: string | Uint8Array, { name, type, shows = false }: FileAnswer): Response {
  const headers = {
    'Content-Type': type,
    'Content-Disposition': `${shows ? 'inline' : 'attachment'}; ${fileNameParameters(safeFileName(name))}`,
    'Cache-Control': 'no-store',
  };
  return new Response(content as BodyInit, { headers });
}

/** A name that no file system takes for a path or a device, and that hides nothing. At most 150 characters. */
export function safeFileName(name: string): string {
  const parts = /^(.*?)((?:\.\w{1,8}){0,2})$/s.exec(name.normalize('NFC')) ?? ['', name, ''];
  const stem = parts[1]
    .replace(/[\\/:*?"<>|\p{Cc}\p{Cf}\p{Cs}]/gu, '_')
    .replace(/^[. ]+|[. ]+$/g, '_')
    .slice(0, 130);
  const isDevice = /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(stem);
  return `${isDevice ? `_${stem}` : stem || '_'}${parts[2]}`;
}

// ---- below: internals ----

/** RFC 5987: `filename*` for those who know it, which all browsers do, before it a plain name for the rest. */
function fileNameParameters(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%]/g, '_');
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename="${plain}"; filename*=UTF-8''${encoded}`;
}
