import type { Command } from 'commander';
import { group } from '../group.ts';
import type { Session } from '../session.ts';
import { reproduceTable4Command } from './table4.ts';

export const reproduceCommand = (session: Session): Command =>
  group(
    'reproduce',
    'Make tables of papers anew, printed beside the published ones.',
    [reproduceTable4Command],
    session,
  );
