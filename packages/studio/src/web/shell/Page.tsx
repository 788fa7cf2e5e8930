import { type ReactNode, useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { useTexts } from '../texts/texts.tsx';
import { Banners } from './Banners.tsx';
import { OwnMenu, ProjectName, ProjectNavigation } from './Navigation.tsx';
import './shell.css';

interface PageProps {
  readonly title: string;
  /** Where the arrow beside the title leads. */
  readonly back?: { readonly to: string; readonly label: string };
  /** Id of the project that it belongs to: shows the ways to its other pages. */
  readonly project?: string;
  /** At the right of the title: buttons, links. */
  readonly actions?: ReactNode;
  /** Fills the window without scrolling: the page arranges its own areas. */
  readonly fill?: boolean;
  readonly children: ReactNode;
}

/** Head and body of every page. */
export function Page({ title, back, project, actions, fill = false, children }: PageProps) {
  const t = useTexts();
  const content = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${title} · microaction`;
  }, [title]);
  // The link that led here is gone: the focus goes to what is new, so that screen readers tell it.
  useEffect(() => {
    const isElsewhere = shownPath !== location.pathname;
    if (isElsewhere && document.activeElement === document.body) content.current?.focus({ preventScroll: true });
    shownPath = location.pathname;
  }, []);
  return (
    <div className={fill ? 'page fill' : 'page'}>
      <a className="skip button" href="#content">
        {t.shell.skipToContent}
      </a>
      <header className="page-head" data-region="head" tabIndex={-1}>
        {back && (
          <Link className="button quiet" href={back.to}>
            <span aria-hidden="true">‹</span> {back.label}
          </Link>
        )}
        {project && <ProjectName project={project} />}
        <h1 className={project && 'visually-hidden'}>{title}</h1>
        {project && <ProjectNavigation project={project} />}
        <div className="toolbar page-actions">{actions}</div>
        {project && <OwnMenu />}
      </header>
      <Banners />
      <main ref={content} id="content" aria-label={title} className="page-body" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

// ---- below: internals ----

/** Where the person was before: the browser itself tells the first page. */
let shownPath = location.pathname;
