import type { Command } from 'commander';
import { group } from '../group.ts';
import type { Session } from '../session.ts';
import { clipCommand } from './clip.ts';
import { convertCommand } from './convert.ts';
import { filterCommand } from './filter.ts';
import { mergeCommand } from './merge.ts';
import { splitCommand } from './split.ts';
import { statsCommand } from './stats.ts';
import { validateCommand } from './validate.ts';

export const datasetCommand = (session: Session): Command =>
  group('dataset', 'Work with annotated videos: count, check, split, convert ...', commands, session);

// ---- below: internals ----

const commands = [
  statsCommand,
  validateCommand,
  splitCommand,
  convertCommand,
  mergeCommand,
  filterCommand,
  clipCommand,
];
