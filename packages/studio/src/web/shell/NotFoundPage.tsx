import { Link } from 'wouter';
import { useTexts } from '../texts/texts.tsx';
import { Page } from './Page.tsx';

export function NotFoundPage() {
  const t = useTexts();
  return (
    <Page title={t.shell.notFound}>
      <div className="starting">
        <p>{t.shell.notFoundAdvice}</p>
        <Link className="button primary" href="/">
          {t.shell.toLibrary}
        </Link>
      </div>
    </Page>
  );
}
