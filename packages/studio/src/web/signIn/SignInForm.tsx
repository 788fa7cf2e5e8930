import { type FormEvent, useState } from 'react';
import type { Session } from '../../contract/account.ts';
import { api } from '../api/client.ts';
import { beginSession } from '../api/session.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { useTexts } from '../texts/texts.tsx';

/** Name and password. When they are right, the session changes, and whoever shows the form goes on. */
export function SignInForm() {
  const t = useTexts();
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { name, password } = Object.fromEntries(new FormData(event.currentTarget));
    setIsBusy(true);
    setError(null);
    try {
      await beginSession(await api.post<Session>('/session', { name, password }));
    } catch (problem) {
      setError(problem);
      setIsBusy(false);
    }
  };
  return (
    <form className="form" onSubmit={submit}>
      <label className="labelled">
        {t.signIn.name}
        {/* biome-ignore lint/a11y/noAutofocus: there is nothing else to do here. */}
        <input className="field" name="name" autoComplete="username" required autoFocus />
      </label>
      <label className="labelled">
        {t.common.password}
        <input className="field" name="password" type="password" autoComplete="current-password" required />
      </label>
      <ProblemNote error={error} />
      <button type="submit" className="button primary" disabled={isBusy}>
        {t.signIn.signIn}
      </button>
    </form>
  );
}
