import type { Results } from '../../contract/results.ts';
import { useTexts } from '../texts/texts.tsx';
import type { Level } from './choice.ts';

interface AgreementSectionProps {
  readonly agreement: Results['agreement'];
  readonly level: Level;
}

/** How far the coders agree, each figure with its interval and what it means. */
export function AgreementSection({ agreement, level }: AgreementSectionProps) {
  const t = useTexts();
  const figures = agreement?.figures.filter((figure) => figure.level === level) ?? [];
  const measures: Readonly<Record<string, { readonly name: string; readonly meaning: string }>> = t.results.measures;
  const number = (value: number | null) => (value === null ? '–' : value.toFixed(2).replace('-', '−'));
  return (
    <section aria-labelledby="agreement">
      <h2 id="agreement">{t.results.agreement}</h2>
      {agreement ? (
        <>
          <p className="hint">{t.results.agreementOf(t.format.list(agreement.coders), agreement.videos)}</p>
          {agreement.videos < 2 && <p className="hint">{t.results.noIntervals}</p>}
          <div className="results-scroll">
            <table className="table" aria-labelledby="agreement">
              <thead>
                <tr>
                  <th scope="col">{t.results.measure}</th>
                  <th scope="col" className="number">
                    {t.results.value}
                  </th>
                  <th scope="col" className="number">
                    {t.results.interval}
                  </th>
                  <th scope="col">{t.results.meaning}</th>
                </tr>
              </thead>
              <tbody>
                {figures.map(({ name, meaning, estimate: { value, low, high } }) => (
                  <tr key={name}>
                    <th scope="row">{measures[name]?.name ?? name}</th>
                    <td className="number">{number(value)}</td>
                    <td className="number">{low === null ? '–' : `${number(low)} – ${number(high)}`}</td>
                    <td className="hint">{measures[name]?.meaning ?? meaning}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      ) : (
        <p className="hint">{t.results.noAgreement}</p>
      )}
    </section>
  );
}
