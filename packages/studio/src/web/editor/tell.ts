import type { Texts } from '../texts/texts.tsx';
import type { ShownInstance } from './codingStore.ts';
import type { Edit } from './editHistory.ts';
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
    case 'alreadyRejected':
    case 'deleted': {
      const done = say[told.what](t.action(told.instance.action));
      return told.next ? say.next(done, described(t, told.next)) : done;
    }
    case 'undone':
    case 'redone':
      return say[told.what](edited(t, told.edits)) + (told.skipped > 0 ? say.skipped(told.skipped) : '');
    default:
      return say[told.what];
  }
}

/** What a person who sees would otherwise not notice. */
export const isWorthShowing = (told: Told): boolean =>
  ['noUndo', 'noRedo', 'noProposal', 'noSelection', 'readOnly', 'alreadyRejected'].includes(told.what) ||
  ('skipped' in told && told.skipped > 0);

// ---- below: internals ----

const described = (t: Texts, { action, start, end, state }: ShownInstance) =>
  t.editor.describe(t.action(action), t.format.time(start), t.format.time(end), t.editor.states[state]);

/** The first edit in words, and how many there were. */
function edited(t: Texts, [first, ...more]: readonly Edit[]): string {
  const { told: say } = t.editor;
  if (!first) return say.nothing;
  const only = editOf(t, first);
  return more.length > 0 ? say.andMore(only, more.length) : only;
}

function editOf(t: Texts, { before, after }: Edit): string {
  const { edits } = t.editor.told;
  const there = before ?? after;
  if (!there) return t.editor.told.nothing;
  const action = t.action(there.action);
  const at = t.format.time(there.start);
  if (!before) return edits.added(action, at);
  if (!after) return edits.deleted(action, at);
  if (before.action !== after.action) return edits.relabelled(action, t.action(after.action), at);
  if (before.state !== after.state) return edits[after.state](action, at);
  return edits.moved(action, at);
}
