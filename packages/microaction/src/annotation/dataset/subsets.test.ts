import { describe, expect, it } from 'vitest';
import { isSameSubset, isUsualSubset } from './subsets.ts';

describe('subsets', () => {
  it('are one under their short and their long name', () => {
    expect(isSameSubset('validation', 'val')).toBe(true);
    expect(isSameSubset('Train', 'training ')).toBe(true);
    expect(isSameSubset('fold-1', 'fold-1')).toBe(true);
    expect(isSameSubset('validation', 'test')).toBe(false);
    expect(isSameSubset(undefined, 'train')).toBe(false);
  });

  it('have usual names and names of their own', () => {
    expect(['test', 'VALID', 'training'].every(isUsualSubset)).toBe(true);
    expect(isUsualSubset('fold-1')).toBe(false);
  });
});
