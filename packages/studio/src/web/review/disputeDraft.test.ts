import { describe, expect, it } from 'vitest';
import type { Dispute } from '../../contract/review.ts';
import { byMajority, dropping, filtered, firstDraft, keeping, nextOpen } from './disputeDraft.ts';

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

describe('the list of disputes', () => {
  const list = [dispute('a'), dispute('b', { decision: decided('kept') }), dispute('c', { about: 'presence' })];

  it('goes on to the next open one, around the end, and stays where none is left', () => {
    expect(nextOpen(list, 'a')).toBe('c');
    expect(nextOpen(list, 'c')).toBe('a');
    expect(nextOpen([list[1]], 'b')).toBe('b');
  });

  it('shows what is asked for', () => {
    expect(filtered(list, 'open').map(({ key }) => key)).toEqual(['a', 'c']);
    expect(filtered(list, 'presence').map(({ key }) => key)).toEqual(['c']);
    expect(filtered(list, 'all')).toHaveLength(3);
  });
});
