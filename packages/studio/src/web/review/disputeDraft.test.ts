import { describe, expect, it } from 'vitest';
import type { Dispute } from '../../contract/review.ts';
import {
  byMajority,
  disputeOf,
  draftOf,
  dropping,
  filtered,
  firstDraft,
  heirOf,
  inherited,
  isOvertaken,
  keeping,
  nextOpen,
  withDraft,
} from './disputeDraft.ts';

const proposed = { action: 'nodding', start: 1, end: 2 };

function dispute(key: string, change: Partial<Dispute> = {}): Dispute {
  return { key, ...proposed, about: 'edges', vote: 'kept', proposed, codings: [], decision: null, ...change };
}

const decided = (outcome: 'kept' | 'dropped') => ({
  ...{ id: 'd1', dispute: 'a', outcome, settled: outcome === 'kept' ? { ...proposed, end: 3 } : null },
  ...{ how: 'discussed' as const, note: '', by: 'Mei', at: '2026-01-01T00:00:00Z' },
});

describe('a decision of a dispute', () => {
  it('is the majority`s where it keeps what the vote keeps, and says nothing more', () => {
    expect(keeping(dispute('a'), proposed, '')).toMatchObject({ outcome: 'kept', how: 'majority', base: null });
  });

  it('is a discussed one with another span, with a note, or against the vote', () => {
    expect(keeping(dispute('a'), { ...proposed, end: 2.5 }, '').how).toBe('discussed');
    expect(keeping(dispute('a'), proposed, 'looked twice').how).toBe('discussed');
    expect(keeping(dispute('a', { vote: 'dropped' }), proposed, '').how).toBe('discussed');
    expect(dropping(dispute('a'), '').how).toBe('discussed');
    expect(dropping(dispute('a', { vote: 'dropped' }), '').how).toBe('majority');
  });

  it('names the decision that it replaces, so that a third one in between is noticed', () => {
    expect(dropping(dispute('a', { decision: decided('kept') }), '').base).toBe('d1');
  });

  it('begins with what was decided, else with what the vote would keep', () => {
    expect(firstDraft(dispute('a', { decision: decided('kept') })).end).toBe(3);
    expect(firstDraft(dispute('a', { decision: decided('dropped') }))).toEqual(proposed);
  });

  it('by the majority follows the vote alone', () => {
    expect(byMajority(dispute('a', { vote: 'dropped' }))).toMatchObject({ outcome: 'dropped', settled: null });
  });
});

describe('a draft', () => {
  const open = dispute('a');
  const typed = { span: proposed, note: 'the palm turns', base: null };

  it('stands beside what is typed for other disputes', () => {
    const drafts = withDraft(withDraft(new Map(), open, typed), dispute('b'), { ...typed, note: 'twice' });
    expect(draftOf(drafts, open)).toEqual(typed);
    expect(draftOf(drafts, dispute('c'))).toEqual({ span: proposed, note: '', base: null });
  });

  it('is none where it says what the dispute begins with', () => {
    const drafts = withDraft(new Map(), open, typed);
    expect(withDraft(drafts, open, { ...typed, note: '' }).size).toBe(0);
  });

  it('outlasts a decision of somebody else, and is known to be overtaken', () => {
    const drafts = withDraft(new Map(), open, typed);
    const since = dispute('a', { decision: decided('dropped') });
    expect(draftOf(drafts, since)).toEqual(typed);
    expect([isOvertaken(typed, open), isOvertaken(typed, since)]).toEqual([false, true]);
    expect(withDraft(drafts, since, { ...typed, note: '' }).size).toBe(1);
  });

  it('goes over to the dispute of the same action at the same time where codings have changed', () => {
    const list = [dispute('x', { action: 'waving' }), dispute('y', { start: 2, end: 3 }), dispute('z', { end: 1.5 })];
    expect(heirOf(list, open)?.key).toBe('z');
    expect(heirOf(list.slice(0, 2), open)).toBeUndefined();
    const drafts = inherited(withDraft(new Map(), open, typed), [open], list);
    expect(draftOf(drafts, list[2])).toEqual(typed);
    expect(draftOf(inherited(drafts, list, list), list[2])).toEqual(typed);
  });
});

describe('another label of the same moment', () => {
  it('is found where it is disputed itself', () => {
    const instance = { ...proposed, id: 'i', version: 1, state: 'coded' as const, score: null, reason: null };
    const codings = [{ coding: 'ann', instance, instead: null }] as unknown as Dispute['codings'];
    const list = [dispute('a', { action: 'waving', codings }), dispute('b', { codings })];
    expect(disputeOf(list, 'ann', proposed)?.key).toBe('b');
    expect(disputeOf(list, 'ben', proposed)).toBeUndefined();
    expect(disputeOf(list, 'ann', { ...proposed, end: 4 })).toBeUndefined();
  });
});

describe('the list of disputes', () => {
  const list = [dispute('a'), dispute('b', { decision: decided('kept') }), dispute('c', { about: 'presence' })];

  it('goes on to the next open one, around the end, and stays where none is left', () => {
    expect(nextOpen(list, 'a')).toBe('c');
    expect(nextOpen(list, 'c')).toBe('a');
    expect(nextOpen([list[1]], 'b')).toBe('b');
    expect(nextOpen(list, 'a', new Set(['c']))).toBe('a');
  });

  it('shows what is asked for', () => {
    expect(filtered(list, 'open').map(({ key }) => key)).toEqual(['a', 'c']);
    expect(filtered(list, 'presence').map(({ key }) => key)).toEqual(['c']);
    expect(filtered(list, 'all')).toHaveLength(3);
  });
});
