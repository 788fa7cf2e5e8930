import { createContext, type ReactNode, useContext } from 'react';
import type { Preferences, Session } from '../../contract/account.ts';
import { Starting } from '../shell/Starting.tsx';
import { api, onSessionLost, setCsrfToken } from './client.ts';
import { queryClient, useApi } from './queries.ts';
import { useIsStudioLost } from './reachability.ts';

/** Who is signed in, and what of the studio itself pages need to know. Outside of it nothing is rendered. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const isLost = useIsStudioLost();
  // Asked for again by itself for as long as the studio does not answer.
  const { data, error } = useApi<Session>('/session', undefined, {
    staleTime: 300_000,
    refetchInterval: ({ state }) => (isLost || !state.data ? 2000 : false),
  });
  if (!data) return <Starting error={error} />;
  // Before any child asks for something.
  setCsrfToken(data.csrfToken);
  return <SessionContext value={data}>{children}</SessionContext>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession: there is no SessionProvider above.');
  return session;
}

/** What the person has chosen; empty where nobody is signed in. */
export const usePreferences = (): Preferences => useSession().account?.preferences ?? {};

/** Shows the choice at once and keeps it on the server. */
export async function changePreferences(change: Preferences): Promise<void> {
  queryClient.setQueryData<Session>(['/session'], (session) =>
    session?.account
      ? { ...session, account: { ...session.account, preferences: { ...session.account.preferences, ...change } } }
      : session,
  );
  await api.patch('/account/preferences', change);
}

/** Takes what signing in, or founding a team, has answered. Everything else is asked for anew. */
export async function beginSession(session: Session): Promise<void> {
  setCsrfToken(session.csrfToken);
  queryClient.setQueryData(['/session'], session);
  await queryClient.invalidateQueries({ predicate: ({ queryKey: [path] }) => path !== '/session' });
}

export async function signOut(): Promise<void> {
  await api.delete('/session');
  location.assign('/');
}

// ---- below: internals ----

onSessionLost(async () => {
  const session = await api.get<Session>('/session');
  setCsrfToken(session.csrfToken);
  queryClient.setQueryData(['/session'], session);
});

const SessionContext = createContext<Session | null>(null);
