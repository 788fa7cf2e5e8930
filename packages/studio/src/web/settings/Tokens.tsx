import { type FormEvent, useRef, useState } from 'react';
import type { MadeToken, Token } from '../../contract/account.ts';
import type { Project } from '../../contract/project.ts';
import { api, apiUrl } from '../api/client.ts';
import { refresh, useApi } from '../api/queries.ts';
import { notify } from '../shell/notify.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { useTexts } from '../texts/texts.tsx';
import { useAction } from './useAction.ts';

/** What programs of the person sign in with. */
export function Tokens() {
  const t = useTexts();
  const texts = t.settings.tokens;
  const { data: tokens = [], error } = useApi<Token[]>('/tokens');
  const { data: projects = [] } = useApi<Project[]>('/projects');
  const [made, setMade] = useState<MadeToken | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const { run, problem, isBusy } = useAction();

  const make = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { name, project, mayWrite } = Object.fromEntries(new FormData(event.currentTarget));
    void run(async () => {
      setMade(await api.post<MadeToken>('/tokens', { name, project: project || null, mayWrite: mayWrite === 'on' }));
      form.current?.reset();
      await refresh('/tokens');
    });
  };
  const remove = ({ id, name }: Token) =>
    void run(async () => {
      await api.delete(`/tokens/${id}`);
      await refresh('/tokens');
    }, texts.deleted(name));
  const copy = async (secret: string) => {
    await navigator.clipboard.writeText(secret);
    notify(t.common.copied, 'ok');
  };
  return (
    <section className="panel" aria-labelledby="tokens-title">
      <h2 id="tokens-title">{texts.title}</h2>
      <p>
        {texts.hint}{' '}
        <a href={apiUrl('/openapi.json')} target="_blank" rel="noreferrer">
          {texts.api}
        </a>
      </p>
      {tokens.length === 0 ? (
        <p className="hint">{texts.none}</p>
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{texts.name}</th>
              <th scope="col">{texts.project}</th>
              <th scope="col">{t.settings.people.state}</th>
              <th scope="col">{texts.created}</th>
              <th scope="col">{texts.lastUsed}</th>
              <th scope="col">
                <span className="visually-hidden">{texts.delete}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {tokens.map((token) => (
              <tr key={token.id}>
                <th scope="row">{token.name}</th>
                <td>
                  {token.project === null ? texts.allProjects : projects.find(({ id }) => id === token.project)?.name}
                </td>
                <td>{token.mayWrite ? texts.writes : texts.readsOnly}</td>
                <td>{t.format.date(token.createdAt)}</td>
                <td>{token.lastUsedAt ? t.format.moment(token.lastUsedAt) : texts.never}</td>
                <td className="row-actions">
                  <button
                    type="button"
                    className="button quiet"
                    aria-label={`${texts.delete}: ${token.name}`}
                    onClick={() => remove(token)}
                  >
                    {texts.delete}
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {made && (
        <div className="made-token" role="status">
          <p>{texts.secret}</p>
          <div className="toolbar">
            <code>{made.secret}</code>
            <button type="button" className="button" onClick={() => void copy(made.secret)}>
              {t.common.copy}
            </button>
          </div>
          <p className="hint">
            {texts.use} <code>Authorization: Bearer …</code>
          </p>
        </div>
      )}
      <form ref={form} className="form" onSubmit={make}>
        <h3>{texts.make}</h3>
        <label className="labelled">
          {texts.name}
          <input className="field" name="name" maxLength={60} required />
        </label>
        <label className="labelled">
          {texts.project}
          <select className="field" name="project">
            <option value="">{texts.allProjects}</option>
            {projects.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label className="check">
          <input type="checkbox" name="mayWrite" />
          {texts.mayWrite}
        </label>
        <ProblemNote error={problem ?? error} />
        <button type="submit" className="button" disabled={isBusy}>
          {texts.make}
        </button>
      </form>
    </section>
  );
}
