import type { Clip, Instance } from '../dataset.ts';

// Formats without places of their own for what is known of a video keep it as texts under these names.

export type ClipFields = Omit<Clip, 'id' | 'instances' | 'foreign'>;

export const fieldNames = {
  id: 'id',
  file: 'file',
  durationSeconds: 'duration',
  frameRate: 'fps',
  widthPixels: 'width',
  heightPixels: 'height',
  subset: 'subset',
  subject: 'subject',
} as const satisfies Record<keyof ClipFields | 'id', string>;

type FieldName = (typeof fieldNames)[keyof typeof fieldNames];

/** Name and text of each field that a clip has. */
export function clipTexts(clip: Clip): [name: FieldName, text: string][] {
  const fields = Object.entries(fieldNames) as [keyof typeof fieldNames, FieldName][];
  return fields.flatMap(([field, name]) => (clip[field] === undefined ? [] : [[name, String(clip[field])]]));
}

/** The fields that texts say; a text that its field cannot be is left out. */
export function clipFieldsOf(textOf: (name: FieldName) => string | undefined): ClipFields & { id?: string } {
  const fields: Record<string, string | number> = {};
  for (const [field, name] of Object.entries(fieldNames)) {
    const text = textOf(name)?.trim();
    if (!text) continue;
    if (['id', 'file', 'subset', 'subject'].includes(name)) fields[field] = text;
    else if (Number(text) > 0 && Number(text) < Number.POSITIVE_INFINITY) fields[field] = Number(text);
  }
  return fields;
}

/** Score and reason as texts, '' where an instance has none. */
export const judgementTexts = ({ score, reason }: Instance): [score: string, reason: string] => [
  score === undefined ? '' : String(score),
  reason ?? '',
];

/** Score and reason out of texts; a score outside 0 to 1 is none. */
export function judgementOf(score = '', reason = ''): Pick<Instance, 'score' | 'reason'> {
  const value = score.trim() === '' ? Number.NaN : Number(score);
  return { ...(value >= 0 && value <= 1 && { score: value }), ...(reason !== '' && { reason }) };
}
