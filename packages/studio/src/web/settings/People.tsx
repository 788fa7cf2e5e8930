import { type FormEvent, useRef, useState } from 'react';
import type { Account, Session } from '../../contract/account.ts';
import { api } from '../api/client.ts';
import { refresh, useApi } from '../api/queries.ts';
import { beginSession, useSession } from '../api/session.tsx';
import { Dialog } from '../shell/Dialog.tsx';
import { notify } from '../shell/notify.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { useTexts } from '../texts/texts.tsx';
import { NewPassword } from './NewPassword.tsx';
import { useAction } from './useAction.ts';

/** Who can sign in. While one person works alone, the way to a team. */
export function People() {
  const t = useTexts();
  const { mode } = useSession();
  return (
    <section className="panel" aria-labelledby="people-title">
      <h2 id="people-title">{t.settings.people.title}</h2>
      {mode === 'solo' ? <BecomeTeam /> : <Accounts />}
    </section>
  );
}

// ---- below: internals ----

function BecomeTeam() {
  const t = useTexts();
  const texts = t.settings.people;
  const { run, problem, isBusy } = useAction();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = Object.fromEntries(new FormData(event.currentTarget));
    void run(async () => {
      const session = await api.post<Session>('/team', body);
      await beginSession(session);
      notify(texts.teamBegun(session.account?.name ?? ''), 'ok');
    });
  };
  return (
    <form className="form" onSubmit={submit}>
      <p>{texts.solo}</p>
      <NameAndPassword name={texts.yourName} password={t.common.password} isBusy={isBusy} />
      <ProblemNote error={problem} />
      <button type="submit" className="button" disabled={isBusy}>
        {texts.becomeTeam}
      </button>
    </form>
  );
}

/** Takes nothing while it is sent: what one typed then would be cleared with the rest. */
function NameAndPassword({ name, password, isBusy }: { name: string; password: string; isBusy: boolean }) {
  return (
    <>
      <label className="labelled">
        {name}
        <input className="field" name="name" maxLength={60} autoComplete="off" readOnly={isBusy} required />
      </label>
      <NewPassword label={password} name="password" isBusy={isBusy} />
    </>
  );
}

function Accounts() {
  const t = useTexts();
  const texts = t.settings.people;
  const { account: own } = useSession();
  const { data: accounts = [], error } = useApi<Account[]>('/accounts');
  const [resetting, setResetting] = useState<Account | null>(null);
  const { run, problem } = useAction();
  const change = (account: Account, body: Partial<Account>) =>
    void run(async () => {
      await api.patch(`/accounts/${account.id}`, body);
      await refresh('/accounts');
    });
  return (
    <>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t.common.name}</th>
            <th scope="col">{texts.state}</th>
            <th scope="col">
              <span className="visually-hidden">{t.common.change}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {accounts.map((account) => (
            <tr key={account.id}>
              <th scope="row">
                {account.name} {account.id === own?.id && <span className="hint">({texts.you})</span>}
              </th>
              <td>
                {account.administrator && (
                  <span className="badge" title={texts.administratorHint}>
                    {texts.administrator}
                  </span>
                )}{' '}
                {account.disabled && <span className="badge warn">{texts.disabled}</span>}
              </td>
              <td className="row-actions">
                {account.id !== own?.id && (
                  <>
                    <button type="button" className="button quiet" onClick={() => setResetting(account)}>
                      {texts.resetPassword}
                    </button>
                    <button
                      type="button"
                      className="button quiet"
                      onClick={() => change(account, { administrator: !account.administrator })}
                    >
                      {account.administrator ? texts.unmakeAdministrator : texts.makeAdministrator}
                    </button>
                    <button
                      type="button"
                      className="button quiet"
                      onClick={() => change(account, { disabled: !account.disabled })}
                    >
                      {account.disabled ? texts.switchOn : texts.switchOff}
                    </button>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <ProblemNote error={problem ?? error} />
      <AddPerson />
      <Dialog
        title={texts.resetFor(resetting?.name ?? '')}
        open={resetting !== null}
        onClose={() => setResetting(null)}
      >
        {resetting && <ResetPassword account={resetting} onClose={() => setResetting(null)} />}
      </Dialog>
    </>
  );
}

function AddPerson() {
  const t = useTexts();
  const texts = t.settings.people;
  const form = useRef<HTMLFormElement>(null);
  const { run, problem, isBusy } = useAction();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { name, password, administrator } = Object.fromEntries(new FormData(event.currentTarget));
    const isAdded = await run(
      async () => {
        await api.post('/accounts', { name, password, administrator: administrator === 'on' });
        await refresh('/accounts');
      },
      texts.added(String(name)),
    );
    if (isAdded) form.current?.reset();
  };
  return (
    <form ref={form} className="form" onSubmit={submit}>
      <h3>{texts.add}</h3>
      <NameAndPassword name={t.common.name} password={texts.firstPassword} isBusy={isBusy} />
      <label className="check">
        <input type="checkbox" name="administrator" disabled={isBusy} />
        {texts.administrator}
        <span className="hint">{texts.administratorHint}</span>
      </label>
      <p className="hint">{texts.addHint}</p>
      <ProblemNote error={problem} />
      <button type="submit" className="button" disabled={isBusy}>
        {texts.add}
      </button>
    </form>
  );
}

function ResetPassword({ account, onClose }: { account: Account; onClose: () => void }) {
  const t = useTexts();
  const texts = t.settings.people;
  const { run, problem, isBusy } = useAction();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = new FormData(event.currentTarget).get('password');
    const work = () => api.patch(`/accounts/${account.id}`, { password });
    if (await run(work, texts.passwordReset(account.name))) onClose();
  };
  return (
    <form className="form" onSubmit={submit}>
      <NewPassword label={t.settings.own.newPassword} name="password" isBusy={isBusy} />
      <ProblemNote error={problem} />
      <div className="form-actions">
        <button type="button" className="button" onClick={onClose}>
          {t.common.cancel}
        </button>
        <button type="submit" className="button primary" disabled={isBusy}>
          {t.common.save}
        </button>
      </div>
    </form>
  );
}
