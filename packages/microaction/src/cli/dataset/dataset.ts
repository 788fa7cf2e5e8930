import type { Command } from 'commander';
import { group } from '../group.ts';
import type { Session } from '../session.ts';
import { statsCommand } from './stats.ts';
import { validateCommand } from './validate.ts';

export const datasetCommand = (session: Session): Command =>
  group(
    'dataset',
    'Work with annotated videos: count, check, split, convert.',
    [statsCommand, validateCommand],
    session,
  );
