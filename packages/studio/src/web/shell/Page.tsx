import { type ReactNode, useEffect } from 'react';
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
  useEffect(() => {
    document.title = `${title} · microaction`;
  }, [title]);
  return (
    <div className={fill ? 'page fill' : 'page'}>
      <a className="skip button" href="#content">
        {t.shell.skipToContent}
      </a>
      <header className="page-head">
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
      <main id="content" className="page-body" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
