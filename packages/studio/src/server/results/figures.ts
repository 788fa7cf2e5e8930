import { UserError } from 'microaction';
import { type FigureName, figureNames } from '../../contract/results.ts';
import type { ProjectScope } from '../accounts/access.ts';
import type { StudioContext } from '../context.ts';
import { comparableCoders } from './coderAgreement.ts';
import { comparedData } from './compareSources.ts';
import type { FigureLook } from './figureLook.ts';
import type { DrawnFigure, FigureOf, FigureTask } from './figureTask.ts';
import type { ResultLevel } from './labels.ts';
import { plain, plainCoders } from './plainDataset.ts';
import { inResultsThread } from './resultsThread.ts';
import { datasetOf, defaultSource, noteLooks, ofSource, readableCodings } from './sources.ts';

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
  const { level, look, as } = request;
  return inResultsThread('figure', { ...dataOf(studio, scope, request), level, look, as });
}

// ---- below: internals ----

function dataOf(studio: StudioContext, scope: ProjectScope, request: FigureRequest): FigureOf {
  const { figure, against, video } = request;
  const codings = readableCodings(studio, scope, video);
  const source = request.source ?? defaultSource(scope, codings);
  if (!isName(figure)) {
    if (!source || !against) {
      const message = `There is no figure "${figure}" of one source; there are ${figureNames.join(', ')}. A diagnosis figure needs a model as the source and what it is held against.`;
      throw new UserError('no-such-figure', message);
    }
    return { of: 'comparison', name: figure, data: comparedData(studio, scope, { model: source, against, video }) };
  }
  if (figure === 'agreement') {
    const comparable = comparableCoders(studio, scope, codings);
    if (!comparable)
      throw new UserError('no-agreement', 'Agreement needs a video that two people have coded and submitted.');
    noteLooks(studio, scope, comparable.shown);
    return { of: 'coders', data: plainCoders(comparable) };
  }
  if (!source) throw new UserError('no-such-source', 'No coding is open to you here yet. Code a video, or submit.');
  const chosen = ofSource(codings, source);
  if (figure === 'ethogram' && chosen.length !== 1) {
    throw new UserError('one-video', `An ethogram shows one video; found ${chosen.length}. Choose one.`);
  }
  noteLooks(studio, scope, chosen);
  const title = chosen.length === 1 ? chosen[0].video.name : '';
  return { of: 'source', name: figure, data: plain(datasetOf(studio, scope, chosen)), title };
}

const isName = (figure: string): figure is FigureName => (figureNames as readonly string[]).includes(figure);
