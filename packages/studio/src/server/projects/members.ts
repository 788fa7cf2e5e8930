import type { StudioContext } from '../context.ts';
import { notFound, Refusal } from '../http/refusal.ts';

/** @throws Refusal 404 for an account that is not there */
export function requireAccount({ store }: StudioContext, id: string): void {
  if (!store.first(store.sql.selectFrom('account').select('id').where('id', '=', id))) throw notFound('account');
}

/**
 * A project without an owner could not be changed any more.
 *
 * @throws Refusal 409 `last-owner`, where no other active account owns the project
 */
export function refuseLastOwner(
  { store }: StudioContext,
  project: { id: string; name: string },
  account: string,
): void {
  const owners = store.all(
    store.sql
      .selectFrom('member')
      .innerJoin('account', 'account.id', 'member.account')
      .select('member.account')
      .where('member.project', '=', project.id)
      .where('member.role', '=', 'owner')
      .where('account.disabled', '=', 0),
  );
  if (owners.length !== 1 || owners[0].account !== account) return;
  const message = `This is the only owner of the project "${project.name}". Make somebody else an owner of it first.`;
  throw new Refusal(409, 'last-owner', message);
}
