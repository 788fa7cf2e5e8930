import { useEffect } from 'react';
import { Redirect } from 'wouter';
import { useSession } from '../api/session.tsx';
import { useTexts } from '../texts/texts.tsx';
import { SignInForm } from './SignInForm.tsx';

/** Also shown in place of any page while nobody is signed in; the page comes when somebody is. */
export function SignInPage({ inPlace = false }: { inPlace?: boolean }) {
  const t = useTexts();
  const { account, mode } = useSession();
  useEffect(() => {
    document.title = `${t.signIn.title} · microaction`;
  }, [t]);
  if (account && !inPlace) return <Redirect to="/" replace />;
  return (
    <main className="starting">
      <h1>{t.signIn.title}</h1>
      {mode === 'team' ? <SignInForm /> : <p>{t.shell.soloClosed}</p>}
      {mode === 'team' && <p className="hint">{t.signIn.forgotten}</p>}
    </main>
  );
}
