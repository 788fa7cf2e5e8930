import { describe, expect, it } from 'vitest';
import type { CodingSummary } from '../../contract/coding.ts';
import type { Video } from '../../contract/video.ts';
import { videosAtStake } from './videosAtStake.ts';

const coding = (change: Partial<CodingSummary>) =>
  ({ kind: 'coder', account: 'ann', status: 'submitted', hidden: false, ...change }) as CodingSummary;

const isAtStake = (codings: readonly CodingSummary[], looked = false) =>
  videosAtStake([{ looked, codings } as Video], 'me').length === 1;

describe('results of a blind project cost the right to code a video', () => {
  it('with work of others that one has not coded nor seen', () => {
    expect(isAtStake([coding({})])).toBe(true);
    expect(isAtStake([coding({ kind: 'model', account: null })])).toBe(true);
    expect(isAtStake([coding({ status: 'open', hidden: true }), coding({ account: 'ben' })])).toBe(true);
  });

  it('also where one has only opened the editor, so that others are not hidden', () => {
    expect(isAtStake([coding({}), coding({ account: 'me', status: 'open' })])).toBe(true);
  });

  it.each<[string, readonly CodingSummary[], boolean?]>([
    ['that nobody coded', []],
    ['that others only began', [coding({ status: 'open', hidden: true })]],
    [
      'that one is coding, where others are hidden',
      [coding({ hidden: true }), coding({ account: 'me', status: 'open' })],
    ],
    ['that one has submitted', [coding({}), coding({ account: 'me' })]],
    ['that one has looked into already', [coding({})], true],
  ])('but not one %s', (_, codings, looked) => {
    expect(isAtStake(codings, looked)).toBe(false);
  });
});
