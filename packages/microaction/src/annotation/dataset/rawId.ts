import type { Dataset } from '../dataset.ts';

/** The parts of a raw MMA-52 id, as written: `196_01_0005_L`. */
export interface RawId {
  readonly subject: string;
  readonly session: string;
  readonly clip: string;
  readonly piece: string;
}

/**
 * Reads `subject_session_clip_piece`. Lenient as the released ids are: fields have other widths here and there, and
 * the piece is digits or one character counted up from `A`, so it may be `[` or `_` itself.
 */
export function parseRawId(id: string): RawId | undefined {
  const groups = /^(?<subject>\d{2,4})_(?<session>\d{2,3})_(?<clip>\d{3,5}(?:\(\d+\))?)_(?<piece>\d{1,2}|[!-~])$/.exec(
    id,
  )?.groups;
  return groups && { subject: groups.subject, session: groups.session, clip: groups.clip, piece: groups.piece };
}

/** Fills in the subjects that raw ids tell, three digits each (one is written with two); others stay as they are. */
export function withSubjectsOfRawIds(dataset: Dataset): Dataset {
  const clips = dataset.clips.map((clip) => {
    const subject = clip.subject ?? parseRawId(clip.id)?.subject.padStart(3, '0');
    return subject === undefined ? clip : { ...clip, subject };
  });
  return { ...dataset, clips };
}
