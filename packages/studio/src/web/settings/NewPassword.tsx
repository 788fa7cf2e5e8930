import { useState } from 'react';
import { useTexts } from '../texts/texts.tsx';

interface NewPasswordProps {
  readonly label: string;
  /** In the form. */
  readonly name: string;
  /** While the form is sent. */
  readonly isBusy: boolean;
}

/** A field for a password that is being chosen; it can be looked at, as it is asked for only once. */
export function NewPassword({ label, name, isBusy }: NewPasswordProps) {
  const t = useTexts();
  const [isShown, setIsShown] = useState(false);
  return (
    <>
      <label className="labelled">
        {label}
        <input
          className="field"
          name={name}
          type={isShown ? 'text' : 'password'}
          autoComplete="new-password"
          autoCapitalize="none"
          spellCheck={false}
          minLength={10}
          readOnly={isBusy}
          required
        />
        <span className="hint">{t.settings.own.passwordHint}</span>
      </label>
      <label className="check">
        <input type="checkbox" checked={isShown} onChange={({ target }) => setIsShown(target.checked)} />
        {t.settings.own.showPassword}
      </label>
    </>
  );
}
