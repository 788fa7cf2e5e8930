import type { TaxonomyData } from 'microaction';
import type { ComponentProps, FormEvent } from 'react';
import { useParams } from 'wouter';
import type { Project } from '../../contract/project.ts';
import { api } from '../api/client.ts';
import { useStudioEvents } from '../api/events.ts';
import { refresh, useApi } from '../api/queries.ts';
import { Busy } from '../shell/Busy.tsx';
import { Page } from '../shell/Page.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { useTexts } from '../texts/texts.tsx';
import { Members } from './Members.tsx';
import { useAction } from './useAction.ts';
import './settings.css';

/** How a project is coded, and by whom. */
export default function ProjectSettingsPage() {
  const t = useTexts();
  const { project: id } = useParams<{ project: string }>();
  const { data: project, error } = useApi<Project>(`/projects/${id}`);
  useStudioEvents(id);
  return (
    <Page title={t.settings.project.title} project={id}>
      {!project && (error ? <ProblemNote error={error} /> : <Busy />)}
      {project && (
        <div className="settings">
          <ProjectForm key={settingsOf(project)} project={project} />
          <Members project={project} />
        </div>
      )}
    </Page>
  );
}

// ---- below: internals ----

/** Changes when the form is to be filled anew: not when a member or a video comes. */
const settingsOf = ({ id, name, blind, codersWanted, agreedAboveIou, sameFromIou }: Project) =>
  JSON.stringify([id, name, blind, codersWanted, agreedAboveIou, sameFromIou]);

function ProjectForm({ project }: { project: Project }) {
  const t = useTexts();
  const texts = t.settings.project;
  const { run, problem, isBusy } = useAction();
  const isOwner = project.role === 'owner';
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { name, blind, ...numbers } = Object.fromEntries(new FormData(event.currentTarget));
    const settings = Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, Number(value)]));
    void run(async () => {
      await api.patch(`/projects/${project.id}`, { name, blind: blind === 'on', ...settings });
      await refresh('/projects');
    }, t.common.saved);
  };
  return (
    <section className="panel" aria-labelledby="project-title">
      <h2 id="project-title">{texts.title}</h2>
      <form className="form" onSubmit={submit}>
        {!isOwner && <p className="hint">{texts.onlyOwner}</p>}
        <fieldset className="form plain" disabled={!isOwner}>
          <label className="labelled">
            {texts.name}
            <input className="field" name="name" defaultValue={project.name} maxLength={120} required />
          </label>
          <div>
            <label className="check">
              <input type="checkbox" name="blind" defaultChecked={project.blind} />
              {texts.blind}
            </label>
            <p className="hint">{texts.blindHint}</p>
          </div>
          <NumberField
            label={texts.codersWanted}
            hint={texts.codersHint}
            name="codersWanted"
            min="1"
            max="20"
            defaultValue={project.codersWanted}
          />
          <NumberField
            label={texts.agreedAboveIou}
            hint={texts.agreedHint}
            name="agreedAboveIou"
            min="0"
            max="0.99"
            step="0.01"
            defaultValue={project.agreedAboveIou}
          />
          <NumberField
            label={texts.sameFromIou}
            hint={texts.sameHint}
            name="sameFromIou"
            min="0.01"
            max="1"
            step="0.01"
            defaultValue={project.sameFromIou}
          />
        </fieldset>
        <p>
          {texts.scheme}: {schemeText()}
        </p>
        <ProblemNote error={problem} />
        {isOwner && (
          <button type="submit" className="button primary" disabled={isBusy}>
            {t.common.save}
          </button>
        )}
      </form>
    </section>
  );

  function schemeText(): string {
    if (project.taxonomy === null) return texts.scheme52;
    const { name, actions } = project.taxonomy as TaxonomyData;
    return texts.schemeFacts(name, actions.length);
  }
}

/** A number of the form, with what it means below. */
function NumberField({ label, hint, ...input }: { label: string; hint: string } & ComponentProps<'input'>) {
  return (
    <label className="labelled">
      {label}
      <input className="field short" type="number" required {...input} />
      <span className="hint">{hint}</span>
    </label>
  );
}
