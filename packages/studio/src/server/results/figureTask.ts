import { type Dataset, UserError } from 'microaction';
import { statisticsOf } from 'microaction/datasets';
import {
  agreementFigure,
  concurrencyFigure,
  durationsFigure,
  ethogramFigure,
  type Figure,
  instancesFigure,
  sharedTimeFigure,
  timeBudgetFigure,
  transitionsFigure,
} from 'microaction/plots';
import { figureContent } from 'microaction/plots/node';
import type { FigureName } from '../../contract/results.ts';
import { hasChineseFont } from './chineseFont.ts';
import { agreementReport } from './coderAgreement.ts';
import { comparisonFigures } from './comparison.ts';
import { sharedTime } from './cooccurrence.ts';
import { type FigureLook, withLook } from './figureLook.ts';
import { labelsAt, type ResultLevel } from './labels.ts';
import {
  fromPlain,
  fromPlainCoders,
  type PlainCoders,
  type PlainComparison,
  type PlainDataset,
} from './plainDataset.ts';
import { secondsOf, timeBudget } from './timeBudget.ts';
import { transitionsOf } from './transitions.ts';

/** What a figure is drawn of. */
export type FigureOf =
  | {
      readonly of: 'source';
      readonly name: Exclude<FigureName, 'agreement'>;
      readonly data: PlainDataset;
      readonly title: string;
    }
  | { readonly of: 'coders'; readonly data: PlainCoders }
  | { readonly of: 'comparison' /** With its level. */; readonly name: string; readonly data: PlainComparison };

export type FigureTask = FigureOf & {
  readonly level: ResultLevel;
  readonly look: FigureLook;
  readonly as: 'svg' | 'png' | 'csv' | 'json';
};

export interface DrawnFigure {
  /** Fit for a file, without ending. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** Draws a figure: quick enough for a thread of its own, too slow for the one that answers requests. */
export async function figureTask({ level, look, as, ...of }: FigureTask): Promise<DrawnFigure> {
  const isLegible = look.language === 'en' || as !== 'png' || (await hasChineseFont());
  const figure = withLook(figureFrom(of, level), isLegible ? look : { ...look, language: 'en' });
  return { name: figure.name, content: await figureContent(figure, as === 'json' ? 'vega-lite' : as) };
}

// ---- below: internals ----

function figureFrom(figure: FigureOf, level: ResultLevel): Figure {
  switch (figure.of) {
    case 'source':
      return sourceFigure(figure.name, fromPlain(figure.data), figure.title, level);
    case 'coders': {
      const coders = fromPlainCoders(figure.data);
      return agreementFigure(agreementReport(coders, level), coders.datasets[0].taxonomy);
    }
    case 'comparison': {
      const { predictions, truth } = figure.data;
      const all = comparisonFigures({ predictions: fromPlain(predictions), truth: fromPlain(truth) });
      const found = all.find(({ name }) => name === figure.name);
      if (found) return found;
      throw new UserError(
        'no-such-figure',
        `There is no figure "${figure.name}"; there are ${all.map(({ name }) => name).join(', ')}.`,
      );
    }
  }
}

function sourceFigure(
  name: Exclude<FigureName, 'agreement'>,
  { taxonomy, clips }: Dataset,
  title: string,
  level: ResultLevel,
): Figure {
  const { labels, labelOf } = labelsAt(taxonomy, level);
  const statistics = () => statisticsOf({ taxonomy, clips }).all;
  switch (name) {
    case 'ethogram':
      return ethogramFigure({ ...clips[0], title }, taxonomy, level);
    case 'time-budget': {
      const rows = timeBudget(clips, taxonomy).filter(
        ({ action, count }) => count > 0 && (action === null) === (level === 'body'),
      );
      const entries = rows.map(({ bodyPart, action, count, totalSeconds, shareOfTime }) => {
        return { label: action ?? bodyPart, instances: count, seconds: totalSeconds, shareOfTime };
      });
      return timeBudgetFigure(entries, secondsOf(clips), taxonomy, level);
    }
    case 'instances': {
      const all = statistics();
      const occurs = ({ instances }: { readonly instances: number }) => instances > 0;
      const present = { actions: all.actions.filter(occurs), bodyParts: all.bodyParts.filter(occurs) };
      return instancesFigure({ ...all, ...present }, taxonomy, level);
    }
    case 'durations':
      return durationsFigure(statistics(), taxonomy, level);
    case 'transitions': {
      const { labels: present, counts } = transitionsOf(clips, labels, labelOf);
      return transitionsFigure({ labels: present, values: counts }, taxonomy, level);
    }
    case 'co-occurrence': {
      const { labels: present, seconds } = sharedTime(clips, labels, labelOf);
      return sharedTimeFigure({ labels: present, values: seconds }, taxonomy, level);
    }
    case 'concurrency':
      return concurrencyFigure(statistics());
  }
}
