import type { FormEvent } from 'react';
import { Link } from 'wouter';
import type { Account, Role } from '../../contract/account.ts';
import type { Project } from '../../contract/project.ts';
import { api } from '../api/client.ts';
import { refresh, useApi } from '../api/queries.ts';
import { useSession } from '../api/session.tsx';
import { notify } from '../shell/notify.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { useTexts } from '../texts/texts.tsx';
import { useAction } from './useAction.ts';

/** Who is in a project, as what. */
export function Members({ project }: { project: Project }) {
  const t = useTexts();
  const texts = t.settings.project;
  const { account: own, mode } = useSession();
  const { run, problem } = useAction();
  const isOwner = project.role === 'owner';
  const change = (account: string, role: Role) =>
    void run(async () => {
      await api.put(`/projects/${project.id}/members/${account}`, { role });
      await refresh('/projects');
    });
  const remove = (account: string, name: string) =>
    void run(async () => {
      await api.delete(`/projects/${project.id}/members/${account}`);
      notify(texts.removed(name), 'ok');
      await refresh('/projects');
    });
  return (
    <section className="panel" aria-labelledby="members-title">
      <h2 id="members-title">{texts.members}</h2>
      {mode === 'solo' ? (
        <p>
          {texts.alone} <Link href="/settings">{texts.toPeople}</Link>
        </p>
      ) : (
        <>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t.common.name}</th>
                <th scope="col">{texts.role}</th>
                <th scope="col">
                  <span className="visually-hidden">{t.common.remove}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {project.members.map(({ account, name, role }) => (
                <tr key={account}>
                  <th scope="row">
                    {name} {account === own?.id && <span className="hint">({t.settings.people.you})</span>}
                  </th>
                  <td>
                    {isOwner ? (
                      <RoleField
                        label={`${texts.role}: ${name}`}
                        value={role}
                        onChange={(next) => change(account, next)}
                      />
                    ) : (
                      t.common.roles[role]
                    )}
                    <p className="hint">{texts.roleHints[role]}</p>
                  </td>
                  <td className="row-actions">
                    {isOwner && account !== own?.id && (
                      <button
                        type="button"
                        className="button quiet"
                        aria-label={texts.removeMember(name)}
                        onClick={() => remove(account, name)}
                      >
                        {t.common.remove}
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <ProblemNote error={problem} />
          {isOwner && own?.administrator && <AddMember project={project} onAdd={change} />}
        </>
      )}
    </section>
  );
}

// ---- below: internals ----

const roles: readonly Role[] = ['owner', 'reviewer', 'coder'];

interface RoleFieldProps {
  readonly label: string;
  readonly value: Role;
  readonly onChange: (role: Role) => void;
}

function RoleField({ label, value, onChange }: RoleFieldProps) {
  const t = useTexts();
  return (
    <select
      className="field"
      aria-label={label}
      value={value}
      onChange={({ target }) => onChange(target.value as Role)}
    >
      {roles.map((role) => (
        <option key={role} value={role}>
          {t.common.roles[role]}
        </option>
      ))}
    </select>
  );
}

interface AddMemberProps {
  readonly project: Project;
  readonly onAdd: (account: string, role: Role) => void;
}

function AddMember({ project, onAdd }: AddMemberProps) {
  const t = useTexts();
  const texts = t.settings.project;
  const { data: accounts = [] } = useApi<Account[]>('/accounts');
  const isIn = new Set(project.members.map(({ account }) => account));
  const others = accounts.filter(({ id, disabled }) => !isIn.has(id) && !disabled);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { account, role } = Object.fromEntries(new FormData(event.currentTarget));
    onAdd(String(account), role as Role);
  };
  if (others.length === 0) return <p className="hint">{texts.allIn}</p>;
  return (
    <form className="toolbar" onSubmit={submit}>
      <select className="field" name="account" aria-label={texts.person}>
        {others.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <select className="field" name="role" aria-label={texts.role} defaultValue="coder">
        {roles.map((role) => (
          <option key={role} value={role}>
            {t.common.roles[role]}
          </option>
        ))}
      </select>
      <button type="submit" className="button">
        {texts.addMember}
      </button>
    </form>
  );
}
