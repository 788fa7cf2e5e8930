import { actions, parts } from '../../../contract/chineseNames.ts';
import type { Catalogue } from '../texts.tsx';
import { blind } from './blind.ts';
import { common } from './common.ts';
import { editor } from './editor.ts';
import { library } from './library.ts';
import { problems } from './problems.ts';
import { results } from './results.ts';
import { review } from './review.ts';
import { settings } from './settings.ts';
import { shell } from './shell.ts';
import { signIn } from './signIn.ts';
import { tour } from './tour.ts';

export const catalogue: Catalogue = {
  actions,
  blind,
  common,
  editor,
  library,
  parts,
  problems,
  results,
  review,
  settings,
  shell,
  signIn,
  tour,
};
