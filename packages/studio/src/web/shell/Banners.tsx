import { useState } from 'react';
import { useIsStudioLost } from '../api/reachability.ts';
import { useSession } from '../api/session.tsx';
import { SignInForm } from '../signIn/SignInForm.tsx';
import { useTexts } from '../texts/texts.tsx';
import { Dialog } from './Dialog.tsx';

/** What concerns the whole studio: it does not answer, cannot save, or does not know the person any more. */
export function Banners() {
  const t = useTexts();
  const isLost = useIsStudioLost();
  const { account, readOnly, mode } = useSession();
  const [isSigningIn, setIsSigningIn] = useState(false);
  return (
    <div className="banners" role="status">
      {isLost && <p className="banner problem-banner">{t.shell.unreachable}</p>}
      {readOnly && (
        <div className="banner">
          <p>
            {t.shell.readOnly} {readOnly.reason} {readOnly.advice}
          </p>
          {readOnly.details && (
            <details>
              <summary>{t.common.details}</summary>
              <p lang="en">{readOnly.details}</p>
            </details>
          )}
        </div>
      )}
      {!account && (
        <p className="banner">
          {mode === 'team' ? t.shell.signedOut : t.shell.soloClosed}{' '}
          {mode === 'team' && (
            <button type="button" className="button" onClick={() => setIsSigningIn(true)}>
              {t.shell.signIn}
            </button>
          )}
        </p>
      )}
      <Dialog title={t.shell.signIn} open={isSigningIn && !account} onClose={() => setIsSigningIn(false)}>
        <SignInForm />
      </Dialog>
    </div>
  );
}
