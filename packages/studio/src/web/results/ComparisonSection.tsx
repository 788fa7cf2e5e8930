import { useState } from 'react';
import type { Comparison, Source } from '../../contract/results.ts';
import { useApi } from '../api/queries.ts';
import { PartMark } from '../editor/PartMark.tsx';
import { Busy } from '../shell/Busy.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { useTexts } from '../texts/texts.tsx';
import { type Choice, sourceOption } from './choice.ts';
import { FigureView } from './Figures.tsx';

interface ComparisonSectionProps {
  readonly project: string;
  readonly sources: readonly Source[];
  readonly choice: Choice;
}

/** A model against a person or the final codings: how much it finds, and where it errs. */
export function ComparisonSection({ project, sources, choice }: ComparisonSectionProps) {
  const t = useTexts();
  const models = sources.filter(({ kind }) => kind === 'model');
  const people = sources.filter(({ kind }) => kind !== 'model');
  const [chosen, setChosen] = useState<{ model?: string; against?: string }>({});
  const model = chosen.model ?? models[0]?.key;
  const against = chosen.against ?? people[0]?.key;
  const canCompare = model !== undefined && against !== undefined;
  const query = { model, against, video: choice.video };
  const { data, error } = useApi<Comparison>(canCompare ? `/projects/${project}/comparison` : null, query);
  const select = (name: 'model' | 'against', value: string, among: readonly Source[]) => (
    <label className="labelled">
      <span className="hint">{t.results[name]}</span>
      <select
        className="field"
        value={value}
        onChange={({ target }) => setChosen((before) => ({ ...before, [name]: target.value }))}
      >
        {among.map((source) => (
          <option key={source.key} value={source.key}>
            {sourceOption(source, t)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <section aria-labelledby="comparison">
      <h2 id="comparison">{t.results.comparison}</h2>
      {canCompare ? (
        <>
          <div className="toolbar no-print">
            {select('model', model, models)}
            {select('against', against, people)}
          </div>
          <ProblemNote error={error} />
          {data ? (
            <Compared comparison={data} project={project} choice={{ ...choice, source: model }} against={against} />
          ) : (
            !error && <Busy />
          )}
        </>
      ) : (
        <p className="hint">{t.results.comparisonNone}</p>
      )}
    </section>
  );
}

// ---- below: internals ----

interface ComparedProps {
  readonly comparison: Comparison;
  readonly project: string;
  readonly choice: Choice;
  readonly against: string;
}

function Compared({ comparison, project, choice, against }: ComparedProps) {
  const t = useTexts();
  const { map, perAction, figures, note } = comparison;
  const ofLevel = figures.filter((name) => name.endsWith(`-${choice.level}`));
  return (
    <>
      {note && <p className="hint">{t.results.comparisonNote(note)}</p>}
      {map.length > 0 && <MapTable map={map} />}
      {perAction.length > 0 && (
        <details>
          <summary>{t.results.perAction}</summary>
          <div className="results-scroll">
            <table className="table per-action" aria-label={t.results.perAction}>
              <thead>
                <tr>
                  <th scope="col">{t.results.levels.action}</th>
                  <th scope="col" className="number">
                    {t.results.truth}
                  </th>
                  <th scope="col" className="number">
                    {t.results.predictions}
                  </th>
                  <th scope="col" className="number">
                    {t.results.averagePrecision}
                  </th>
                </tr>
              </thead>
              <tbody>
                {perAction.map(({ action, truth, predictions, averagePrecision }) => (
                  <tr key={action}>
                    <th scope="row">
                      <PartMark action={action} /> {t.action(action)}
                    </th>
                    <td className="number">{truth}</td>
                    <td className="number">{predictions}</td>
                    <td className="number">{percent(averagePrecision)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
      <div className="figures">
        {ofLevel.map((name) => (
          <FigureView key={name} project={project} name={name} choice={choice} against={against} />
        ))}
      </div>
    </>
  );
}

function MapTable({ map }: { readonly map: Comparison['map'] }) {
  const t = useTexts();
  const thresholds = map.filter(({ level }) => level === 'action').map(({ threshold }) => threshold);
  return (
    <div className="results-scroll">
      <table className="table map">
        <caption className="hint">{t.results.map}</caption>
        <thead>
          <tr>
            <th scope="col">{t.results.threshold}</th>
            {thresholds.map((threshold) => (
              <th key={threshold} scope="col" className="number">
                {threshold === null ? t.results.mean : threshold.toFixed(1)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(['action', 'body'] as const).map((level) => (
            <tr key={level}>
              <th scope="row">{t.results.levels[level]}</th>
              {map
                .filter((cell) => cell.level === level)
                .map(({ threshold, value }) => (
                  <td key={threshold} className="number">
                    {percent(value)}
                  </td>
                ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);
