import { Link, useLocation } from 'wouter';
import type { Project } from '../../contract/project.ts';
import { useApi } from '../api/queries.ts';
import { signOut, useSession } from '../api/session.tsx';
import { useTexts } from '../texts/texts.tsx';

/** Which project this is; where there are several, a way to the others. */
export function ProjectName({ project }: { project: string }) {
  const t = useTexts();
  const [, navigate] = useLocation();
  const { data: projects = [] } = useApi<Project[]>('/projects');
  const name = projects.find(({ id }) => id === project)?.name;
  if (projects.length < 2) return <strong className="project-name">{name}</strong>;
  return (
    <select
      className="field project-name"
      aria-label={t.shell.project}
      value={project}
      onChange={({ target }) => navigate(`/projects/${target.value}`)}
    >
      {projects.map((other) => (
        <option key={other.id} value={other.id}>
          {other.name}
        </option>
      ))}
    </select>
  );
}

/** The pages of a project. */
export function ProjectNavigation({ project }: { project: string }) {
  const t = useTexts();
  const [location] = useLocation();
  const base = `/projects/${project}`;
  const pages = [
    { to: base, label: t.shell.library, isHere: location === base || location === '/' },
    { to: `${base}/results`, label: t.shell.results, isHere: location === `${base}/results` },
    { to: `${base}/settings`, label: t.shell.projectSettings, isHere: location === `${base}/settings` },
  ];
  return (
    <nav className="page-nav" aria-label={t.shell.navigation}>
      {pages.map(({ to, label, isHere }) => (
        <Link key={to} href={to} aria-current={isHere ? 'page' : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  );
}

/** What belongs to the person rather than to a project. */
export function OwnMenu() {
  const t = useTexts();
  const { account, mode } = useSession();
  const [location] = useLocation();
  if (!account) return null;
  return (
    <div className="page-nav">
      <Link href="/settings" aria-current={location === '/settings' ? 'page' : undefined}>
        {mode === 'team' ? account.name : t.shell.settings}
      </Link>
      {mode === 'team' && (
        <button type="button" className="button quiet" onClick={() => void signOut()}>
          {t.shell.signOut}
        </button>
      )}
    </div>
  );
}
