import type { Texts } from '../texts/texts.tsx';
import type { Told } from './workbench.ts';

/** What was done, as a sentence. */
export function tell(t: Texts, told: Told): string {
  const { told: say } = t.editor;
  switch (told.what) {
    case 'made':
      return say.made(
        t.action(told.instance.action),
        t.format.time(told.instance.start),
        t.format.time(told.instance.end),
      );
    case 'selected': {
      const { action, start, end, state } = told.instance;
      return say.selected(
        t.editor.describe(t.action(action), t.format.time(start), t.format.time(end), t.editor.states[state]),
      );
    }
    case 'relabelled':
    case 'accepted':
    case 'rejected':
    case 'deleted':
      return say[told.what](t.action(told.instance.action));
    case 'undone':
    case 'redone':
      return say[told.what](told.done) + (told.skipped > 0 ? say.skipped(told.skipped) : '');
    default:
      return say[told.what];
  }
}

/** What a person who sees would otherwise not notice. */
export const isWorthShowing = (told: Told): boolean =>
  ['noUndo', 'noRedo', 'noProposal', 'noSelection', 'readOnly'].includes(told.what) ||
  ('skipped' in told && told.skipped > 0);
