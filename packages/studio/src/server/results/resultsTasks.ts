import type { Comparison, Results } from '../../contract/results.ts';
import type { DrawnFigure, FigureTask } from './figureTask.ts';
import type { ResultLevel } from './labels.ts';
import {
  fromPlain,
  fromPlainCoders,
  type PlainCoders,
  type PlainComparison,
  type PlainDataset,
} from './plainDataset.ts';
import { type Times, timesOf } from './times.ts';

/** What takes too long for the thread that answers requests: what goes in and what comes out are plain data. */
export type ResultsTasks = {
  times(task: { readonly level: ResultLevel; readonly data: PlainDataset }): Times;
  agreement(data: PlainCoders): Promise<NonNullable<Results['agreement']>>;
  comparison(task: {
    readonly model: string;
    readonly against: string;
    readonly data: PlainComparison;
  }): Promise<Comparison>;
  figure(task: FigureTask): Promise<DrawnFigure>;
};

/** Each loads what it needs when it is first run: vega alone takes a quarter of a second. */
export const resultsTasks: ResultsTasks = {
  times: ({ level, data }) => timesOf(fromPlain(data), level),

  async agreement(data) {
    const { agreementFigures, agreementReport } = await import('./coderAgreement.ts');
    const coders = fromPlainCoders(data);
    const reports = (['action', 'body'] as const).map((level) => agreementReport(coders, level));
    return { coders: [...data.coders], videos: reports[0].videos, figures: reports.flatMap(agreementFigures) };
  },

  async comparison({ model, against, data: { predictions, truth } }) {
    const { comparisonOf } = await import('./comparison.ts');
    return comparisonOf(model, against, { predictions: fromPlain(predictions), truth: fromPlain(truth) });
  },

  async figure(task) {
    const { figureTask } = await import('./figureTask.ts');
    return figureTask(task);
  },
};
