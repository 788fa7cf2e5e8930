import { lazy, Suspense, useEffect, useState } from 'react';
import { Route, Switch } from 'wouter';
import { SessionProvider, usePreferences, useSession } from './api/session.tsx';
import { Busy } from './shell/Busy.tsx';
import { ErrorBoundary } from './shell/ErrorBoundary.tsx';
import { NotFoundPage } from './shell/NotFoundPage.tsx';
import { Notices } from './shell/notify.tsx';
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

// Each page is a file of its own, fetched when it is opened.
const LibraryPage = lazy(() => import('./library/LibraryPage.tsx'));
const EditorPage = lazy(() => import('./editor/EditorPage.tsx'));
const ReviewPage = lazy(() => import('./review/ReviewPage.tsx'));
const ResultsPage = lazy(() => import('./results/ResultsPage.tsx'));
const ProjectSettingsPage = lazy(() => import('./settings/ProjectSettingsPage.tsx'));
const SettingsPage = lazy(() => import('./settings/SettingsPage.tsx'));
const SignInPage = lazy(() => import('./signIn/SignInPage.tsx'));

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
        <Suspense fallback={<Busy />}>
          {isOut ? (
            <SignInPage inPlace />
          ) : (
            <Switch>
              <Route path="/" component={LibraryPage} />
              <Route path="/projects/:project" component={LibraryPage} />
              <Route path="/projects/:project/results" component={ResultsPage} />
              <Route path="/projects/:project/settings" component={ProjectSettingsPage} />
              <Route path="/videos/:video" component={EditorPage} />
              <Route path="/videos/:video/review" component={ReviewPage} />
              <Route path="/settings" component={SettingsPage} />
              <Route path="/sign-in">
                <SignInPage />
              </Route>
              <Route component={NotFoundPage} />
            </Switch>
          )}
        </Suspense>
      </ErrorBoundary>
      <TourHost />
      <Notices />
    </TextsProvider>
  );
}
