import { Component, type ReactNode } from 'react';
import { useTexts } from '../texts/texts.tsx';

/** Catches mistakes of the pages themselves, so that a person sees more than a white window. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null as unknown };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    return this.state.error ? <Broken error={this.state.error} /> : this.props.children;
  }
}

// ---- below: internals ----

function Broken({ error }: { error: unknown }) {
  const t = useTexts();
  return (
    <main className="starting" role="alert">
      <h1>{t.shell.broken}</h1>
      <p>{t.shell.brokenAdvice}</p>
      <button type="button" className="button primary" onClick={() => location.reload()}>
        {t.shell.reload}
      </button>
      <pre className="broken-text">{error instanceof Error ? (error.stack ?? error.message) : String(error)}</pre>
    </main>
  );
}
