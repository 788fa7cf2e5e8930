import { useEffect, useRef, useState } from 'react';
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
  const input = useRef<HTMLInputElement>(null);
  // A form that is cleared for the next password hides it again.
  useEffect(() => {
    const form = input.current?.form;
    const hide = () => setIsShown(false);
    form?.addEventListener('reset', hide);
    return () => form?.removeEventListener('reset', hide);
  }, []);
  return (
    <>
      <label className="labelled">
        {label}
        <input
          ref={input}
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
