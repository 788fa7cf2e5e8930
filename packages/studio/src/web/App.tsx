import { useEffect, useState } from 'react';
import { Route, Switch } from 'wouter';
import { SessionProvider, usePreferences, useSession } from './api/session.tsx';
import { pages } from './pages.ts';
import { ErrorBoundary } from './shell/ErrorBoundary.tsx';
import { LazyPage } from './shell/lazyPage.tsx';
import { NotFoundPage } from './shell/NotFoundPage.tsx';
import { Notices } from './shell/notify.tsx';
import { SignInPage } from './signIn/SignInPage.tsx';
import { browserLanguage, type Texts, TextsProvider } from './texts/texts.tsx';
import { showTheme } from './theme/theme.ts';
import { TourHost } from './tour/TourHost.tsx';

/** The whole of the pages: who it is, in which language and colours, and which page the address names. */
export function App({ firstTexts }: { firstTexts: Texts }) {
  return (
    <TextsProvider language={firstTexts.language} first={firstTexts}>
      <SessionProvider>
        <Preferred firstTexts={firstTexts} />
      </SessionProvider>
    </TextsProvider>
  );
}

// ---- below: internals ----

function Preferred({ firstTexts }: { firstTexts: Texts }) {
  const { language = browserLanguage(), theme = 'system' } = usePreferences();
  const { account } = useSession();
  // Signed out later, a page stays as it is, with what was not saved yet: a banner offers to sign in again.
  const [wasIn, setWasIn] = useState(false);
  if (account && !wasIn) setWasIn(true);
  const isOut = !account && !wasIn;
  useEffect(() => showTheme(theme), [theme]);
  useEffect(() => localStorage.setItem('language', language), [language]);
  return (
    <TextsProvider language={language} first={firstTexts}>
      <ErrorBoundary>
        {isOut ? (
          <SignInPage inPlace />
        ) : (
          <Switch>
            <Route path="/">
              <LazyPage file={pages.library} />
            </Route>
            <Route path="/projects/:project">
              <LazyPage file={pages.library} />
            </Route>
            <Route path="/projects/:project/results">
              <LazyPage file={pages.results} />
            </Route>
            <Route path="/projects/:project/settings">
              <LazyPage file={pages.projectSettings} />
            </Route>
            <Route path="/videos/:video">
              <LazyPage file={pages.editor} />
            </Route>
            <Route path="/videos/:video/review">
              <LazyPage file={pages.review} />
            </Route>
            <Route path="/settings">
              <LazyPage file={pages.settings} />
            </Route>
            <Route path="/sign-in">
              <SignInPage />
            </Route>
            <Route component={NotFoundPage} />
          </Switch>
        )}
      </ErrorBoundary>
      <TourHost />
      <Notices />
    </TextsProvider>
  );
}
