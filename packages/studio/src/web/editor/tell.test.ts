import { describe, expect, it } from 'vitest';
import type { InstanceBody } from '../../contract/coding.ts';
import { loadTexts } from '../texts/texts.tsx';
import type { Edit } from './editHistory.ts';
import { tell } from './tell.ts';

const nod: InstanceBody = { action: 'nodding', start: 5, end: 6, state: 'coded', score: null, reason: null };
const proposal: InstanceBody = { ...nod, state: 'proposed', score: 0.5 };
const t = await loadTexts('en');
const at = t.format.time(5);

describe('an undo tells what it takes back', () => {
  it.each<[string, InstanceBody | null, InstanceBody | null, string]>([
    ['an instance that was made', null, nod, `Undone: nodding added at ${at}`],
    ['one that was deleted', nod, null, `Undone: nodding deleted at ${at}`],
    ['another label', nod, { ...nod, action: 'waving' }, `Undone: nodding relabelled as waving at ${at}`],
    ['other times', nod, { ...nod, end: 7 }, `Undone: new times for nodding at ${at}`],
    ['a proposal that was accepted', proposal, { ...proposal, state: 'coded' }, `Undone: nodding accepted at ${at}`],
    ['one that was rejected', proposal, { ...proposal, state: 'rejected' }, `Undone: nodding rejected at ${at}`],
  ])('%s', (_, before, after, sentence) => expect(undone([{ instance: 'a', before, after }])).toBe(sentence));

  it('of several, the first and how many more; and what somebody else has changed since', () => {
    const made = ['a', 'b', 'c'].map((instance) => ({ instance, before: null, after: nod }));
    expect(undone(made)).toBe(`Undone: nodding added at ${at}, and 2 more changes`);
    expect(undone([], 1)).toBe('Undone: nothing; 1 left as they are, since somebody else has changed them');
  });

  it('in Chinese too', async () => {
    const chinese = await loadTexts('zh');
    const edits = [{ instance: 'a', before: null, after: nod }];
    const sentence = tell(chinese, { what: 'undone', edits, skipped: 0 });
    expect(sentence).toBe(`已撤销：在 ${chinese.format.time(5)} 新建${chinese.action('nodding')}`);
  });
});

// ---- below: internals ----

const undone = (edits: readonly Edit[], skipped = 0) => tell(t, { what: 'undone', edits, skipped });
