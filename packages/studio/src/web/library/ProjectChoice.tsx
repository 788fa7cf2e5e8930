import { useLocation } from 'wouter';
import type { Project } from '../../contract/project.ts';
import { useTexts } from '../texts/texts.tsx';

interface ProjectChoiceProps {
  readonly project: Project;
  readonly projects: readonly Project[];
  /** Absent for those who may not make any. */
  readonly onNew?: () => void;
}

/** Goes to another project, or makes one. With a single project there is nothing to choose, and no field. */
export function ProjectChoice({ project, projects, onNew }: ProjectChoiceProps) {
  const t = useTexts();
  const [, navigate] = useLocation();
  return (
    <>
      {projects.length > 1 && (
        <select
          className="field project-choice"
          aria-label={t.library.project}
          value={project.id}
          onChange={({ target }) => navigate(`/projects/${target.value}`)}
        >
          {projects.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
      {onNew && (
        <button type="button" className="button quiet" onClick={onNew}>
          {t.library.newProject}
        </button>
      )}
    </>
  );
}
