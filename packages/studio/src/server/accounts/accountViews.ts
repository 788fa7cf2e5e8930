import type { Selectable } from 'kysely';
import type { Account, Preferences } from '../../contract/account.ts';
import type { AccountTable } from '../store/tables.ts';

export function accountView({ id, name, administrator, disabled }: Selectable<AccountTable>): Account {
  return { id, name, administrator: administrator === 1, disabled: disabled === 1 };
}

export const preferencesOf = ({ preferences }: Selectable<AccountTable>): Preferences => JSON.parse(preferences);
