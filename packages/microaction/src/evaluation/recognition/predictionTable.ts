import { headerName, parseTable, type Row } from '../../annotation/formats/table.ts';
import { UserError } from '../../errors.ts';
import { Problems, shown } from '../../problems.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Rankings } from './scores.ts';

/** The columns of `prediction.csv` by the year of the MAC challenge that first asked for them. */
export type ChallengeYear = 2024 | 2025;

export interface ChallengeColumns {
  readonly file: string;
  /** Best first, by action id. */
  readonly actions: readonly string[];
  /** By position of the body part. */
  readonly bodyParts: readonly string[];
  /** As they stand in the header. */
  readonly order: readonly string[];
}

export const challengeColumns: Readonly<Record<ChallengeYear, ChallengeColumns>> = {
  2024: columns('id', ['pred_label_2'], ['pred_label_1'], 'body first'),
  2025: columns('vid', numbered('action_pred_'), numbered('body_pred_'), 'actions first'),
};

/** The year whose columns a header has; undefined where it is another table. */
export function challengeYearOf(header: readonly string[]): ChallengeYear | undefined {
  const names = header.map(headerName);
  return ([2025, 2024] as const).find((year) => challengeColumns[year].order.every((name) => names.includes(name)));
}

/**
 * Reads the `prediction.csv` of the micro-action recognition challenges, either layout.
 *
 * @throws UserError `bad-annotations` with all rows that are wrong
 */
export function readPredictionTable(
  text: string,
  source: string,
  taxonomy: Taxonomy,
): { rankings: Rankings; year: ChallengeYear } {
  const table = parseTable(text, source);
  const year = challengeYearOf(table.header);
  if (year === undefined) {
    const known = Object.values(challengeColumns).map(({ order }) => order.join(','));
    throw new UserError(
      'bad-annotations',
      `${source}: found the columns ${shown(table.header.join(','))}, expected ${known.join(' or ')}`,
    );
  }
  const { file, actions, bodyParts } = challengeColumns[year];
  const problems = new Problems(source);
  const positions = new Map(taxonomy.actions.map(({ id }, i) => [id, i]));
  const parts = taxonomy.bodyParts.length;
  const lineOf = new Map<string, number>();
  const rows = table.rows.map((row) => {
    const name = row.cells.get(file) ?? '';
    const before = lineOf.get(name);
    if (name === '') problems.add(`line ${row.line}, ${file}`, 'found nothing, expected the name of a clip');
    else if (before !== undefined) problems.add(`line ${row.line}, ${file}`, `${shown(name)} is on line ${before} too`);
    lineOf.set(name, row.line);
    const rankedActions = actions.map((column) => {
      const position = positions.get(wholeIn(row, column) ?? -1);
      if (position === undefined) {
        const found = shown(row.cells.get(column));
        problems.add(`line ${row.line}, ${column}`, `found ${found}, expected an id of the taxonomy ${taxonomy.name}`);
      }
      return position ?? 0;
    });
    const ids = actions.map((column) => wholeIn(row, column));
    if (new Set(ids).size < ids.length && !ids.includes(undefined)) {
      problems.add(`line ${row.line}`, `found the actions ${ids.join(', ')}, expected each once`);
    }
    const rankedParts = bodyParts.map((column) => {
      const position = wholeIn(row, column);
      if (position !== undefined && position < parts) return position;
      const found = shown(row.cells.get(column));
      problems.add(`line ${row.line}, ${column}`, `found ${found}, expected a body part, 0 to ${parts - 1}`);
      return 0;
    });
    return { name, rankedActions, rankedParts };
  });
  problems.throwIfAny();
  const rankings: Rankings = {
    kind: 'rankings',
    files: rows.map(({ name }) => name),
    actions: rows.map(({ rankedActions }) => rankedActions),
    bodyParts: rows.map(({ rankedParts }) => rankedParts),
  };
  return { rankings, year };
}

// ---- below: internals ----

function numbered(prefix: string): string[] {
  return [1, 2, 3, 4, 5].map((rank) => `${prefix}${rank}`);
}

function columns(
  file: string,
  actions: readonly string[],
  bodyParts: readonly string[],
  first: 'body first' | 'actions first',
): ChallengeColumns {
  const ranked = first === 'body first' ? [...bodyParts, ...actions] : [...actions, ...bodyParts];
  return { file, actions, bodyParts, order: [file, ...ranked] };
}

function wholeIn(row: Row, column: string): number | undefined {
  const text = row.cells.get(column)?.trim() ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
