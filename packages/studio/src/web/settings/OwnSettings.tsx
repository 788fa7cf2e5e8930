import { type FormEvent, useRef } from 'react';
import type { Preferences } from '../../contract/account.ts';
import { api } from '../api/client.ts';
import { refresh } from '../api/queries.ts';
import { changePreferences, usePreferences, useSession } from '../api/session.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { useTexts } from '../texts/texts.tsx';
import { NewPassword } from './NewPassword.tsx';
import { useAction } from './useAction.ts';

/** Language, colours, reaction delay, tour; what is chosen counts at once. */
export function OwnSettings() {
  const t = useTexts();
  const { mode } = useSession();
  const { language, theme = 'system', reactionDelaySeconds = 0, tourDone = false } = usePreferences();
  const { run, problem } = useAction();
  const change = (preferences: Preferences) => void run(() => changePreferences(preferences));
  const texts = t.settings.own;
  return (
    <section className="panel" aria-labelledby="own-title">
      <h2 id="own-title">{texts.title}</h2>
      <div className="form">
        <label className="labelled">
          {texts.language}
          <select
            className="field"
            value={language ?? t.language}
            onChange={({ target }) => change({ language: target.value as Preferences['language'] })}
          >
            {Object.entries(texts.languages).map(([code, name]) => (
              <option key={code} value={code} lang={code}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label className="labelled">
          {texts.theme}
          <select
            className="field"
            value={theme}
            onChange={({ target }) => change({ theme: target.value as Preferences['theme'] })}
          >
            {Object.entries(texts.themes).map(([code, name]) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label className="labelled">
          {texts.reactionDelay}
          <span className="with-unit">
            <input
              className="field"
              type="number"
              min="0"
              max="2"
              step="0.01"
              defaultValue={reactionDelaySeconds}
              onBlur={({ target }) => {
                if (target.checkValidity() && target.valueAsNumber !== reactionDelaySeconds) {
                  change({ reactionDelaySeconds: target.valueAsNumber });
                }
              }}
            />
            {texts.seconds}
          </span>
          <span className="hint">{texts.reactionHint}</span>
        </label>
        {tourDone && (
          <p>
            <button type="button" className="button" onClick={() => change({ tourDone: false })}>
              {texts.tourAgain}
            </button>{' '}
            <span className="hint">{texts.tourHint}</span>
          </p>
        )}
        <ProblemNote error={problem} />
      </div>
      {mode === 'team' && <PasswordForm />}
    </section>
  );
}

// ---- below: internals ----

function PasswordForm() {
  const t = useTexts();
  const texts = t.settings.own;
  const { run, problem, isBusy } = useAction();
  const form = useRef<HTMLFormElement>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = Object.fromEntries(new FormData(event.currentTarget));
    const isChanged = await run(() => api.put('/account/password', body), texts.passwordChanged);
    if (!isChanged) return;
    form.current?.reset();
    await refresh('/session');
  };
  return (
    <form ref={form} className="form" onSubmit={submit}>
      <h3>{texts.password}</h3>
      <label className="labelled">
        {texts.currentPassword}
        <input className="field" name="current" type="password" autoComplete="current-password" required />
      </label>
      <NewPassword label={texts.newPassword} name="next" isBusy={isBusy} />
      <ProblemNote error={problem} />
      <button type="submit" className="button" disabled={isBusy}>
        {texts.changePassword}
      </button>
    </form>
  );
}
