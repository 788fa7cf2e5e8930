import { UserError } from 'microaction';
import { type FigureName, figureNames } from '../../contract/results.ts';
import type { ProjectScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { codersData } from './agreementOf.ts';
import { comparableCoders } from './coderAgreement.ts';
import { comparedCodings, comparisonData } from './compareSources.ts';
import type { FigureLook } from './figureLook.ts';
import type { DrawnFigure, FigureOf, FigureTask } from './figureTask.ts';
import type { ResultLevel } from './labels.ts';
import { plain } from './plainDataset.ts';
import { cached } from './resultsCache.ts';
import { resultsThread } from './resultsThread.ts';
import { datasetOf, defaultSource, noteLooks, ofSource, readableCodings, type SourcedCoding } from './sources.ts';

export interface FigureRequest {
  /** One of `figureNames`, or one of a comparison's. */
  readonly figure: string;
  /** Absent: as in the results. Of a comparison's figure: the model. */
  readonly source?: string;
  /** Of a comparison's figure: what the model is held against. */
  readonly against?: string;
  readonly video?: string;
  readonly level: ResultLevel;
  readonly look: FigureLook;
  readonly as: FigureTask['as'];
}

/** @throws UserError `no-such-source`, `no-such-figure`, `one-video`, `no-agreement`, `no-truth` */
export function drawFigure(studio: StudioContext, scope: ProjectScope, request: FigureRequest): Promise<DrawnFigure> {
  const { shown, data } = subjectOf(studio, scope, request);
  noteLooks(studio, scope, shown);
  const { level, look, as } = request;
  return cached(studio, scope, shown, request, async () =>
    resultsThread.run('figure', { ...(await data()), level, look, as }),
  );
}

// ---- below: internals ----

interface Subject {
  /** The codings that it shows something of. */
  readonly shown: readonly SourcedCoding[];
  /** Reads them. */
  data(): Promise<FigureOf>;
}

function subjectOf(studio: StudioContext, scope: ProjectScope, request: FigureRequest): Subject {
  const { figure, against, video } = request;
  const codings = readableCodings(studio, scope, video);
  const source = request.source ?? defaultSource(scope, codings);
  if (!isName(figure)) {
    if (!source || !against) throw noSuchFigure(figure);
    const compared = comparedCodings(codings, { model: source, against });
    const data = async () => {
      return { of: 'comparison' as const, name: figure, data: await comparisonData(studio, scope, compared) };
    };
    return { shown: [...compared.predictions, ...compared.truth], data };
  }
  if (figure === 'agreement') {
    const comparable = comparableCoders(codings);
    if (!comparable) {
      throw new UserError('no-agreement', 'Agreement needs a video that two people have coded and submitted.');
    }
    const data = async () => ({ of: 'coders' as const, data: await codersData(studio, scope, comparable) });
    return { shown: comparable.codings.flat(), data };
  }
  if (!source) throw new UserError('no-such-source', 'No coding is open to you here yet. Code a video, or submit.');
  const shown = ofSource(codings, source);
  if (figure === 'ethogram' && shown.length !== 1) {
    throw new UserError('one-video', `An ethogram shows one video; found ${shown.length}. Choose one.`);
  }
  const title = shown.length === 1 ? shown[0].video.name : '';
  const data = async () => {
    return { of: 'source' as const, name: figure, data: plain(await datasetOf(studio, scope, shown)), title };
  };
  return { shown, data };
}

const isName = (figure: string): figure is FigureName => (figureNames as readonly string[]).includes(figure);

const noSuchFigure = (figure: string) =>
  new UserError(
    'no-such-figure',
    `There is no figure "${figure}" of one source; there are ${figureNames.join(', ')}. A diagnosis figure needs a model as the source and what it is held against.`,
  );
