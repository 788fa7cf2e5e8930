import type { StudioContext } from '../context.ts';

/** `solo` until the first account has a password; then people sign in. */
export function studioMode({ store }: Pick<StudioContext, 'store'>): 'solo' | 'team' {
  const { sql } = store;
  return store.first(sql.selectFrom('account').select('id').where('passwordHash', 'is not', null)) ? 'team' : 'solo';
}
