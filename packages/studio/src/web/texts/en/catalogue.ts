import { actions, parts } from './actions.ts';
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

/** English, by area. The other languages have the same shape. */
export const catalogue = {
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
