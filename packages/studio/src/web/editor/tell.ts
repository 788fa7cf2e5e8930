import type { Texts } from '../texts/texts.tsx';
import type { ShownInstance } from './codingStore.ts';
import type { Told } from './workbench.ts';

/** What was done, as a sentence. */
export function tell(t: Texts, told: Told): string {
  const { told: say } = t.editor;
  switch (told.what) {
    case 'made':
    case 'moved':
      return say.made(
        t.action(told.instance.action),
        t.format.time(told.instance.start),
        t.format.time(told.instance.end),
      );
    case 'marked':
      return told.edge === 'start'
        ? t.editor.labelFrom(t.format.time(told.seconds))
        : t.editor.labelTo(t.format.time(told.seconds));
    case 'selected':
      return say.selected(described(t, told.instance));
    case 'relabelled':
    case 'accepted':
    case 'rejected':
    case 'deleted': {
      const done = say[told.what](t.action(told.instance.action));
      return told.next ? say.next(done, described(t, told.next)) : done;
    }
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

// ---- below: internals ----

const described = (t: Texts, { action, start, end, state }: ShownInstance) =>
  t.editor.describe(t.action(action), t.format.time(start), t.format.time(end), t.editor.states[state]);
