// How far coders agree, and what to do where they do not. No files, any platform.
export { type Span, temporalIou } from '../annotation/temporalIou.ts';
export {
  type AdjudicateOptions,
  type Adjudication,
  adjudicate,
  type Coding,
  type Dispute,
} from './adjudicate.ts';
export {
  type Agreement,
  type AgreementOptions,
  type AgreementReport,
  agreementBetween,
  type Estimate,
  type PairAgreement,
  type PairFigures,
} from './agreement.ts';
export { agreementOf, cohensKappa, type Disagreement, fleissKappa, nominalAlpha, pooled } from './coefficients.ts';
export type { Level } from './commonClips.ts';
export { type EventCriterion, matchEvents } from './matchEvents.ts';
export { measureUnits, type UnitMeasures, unitisedAlpha } from './unitisedAlpha.ts';
