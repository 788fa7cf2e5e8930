export { type FusionOptions, fuseSegments } from './fuseSegments.ts';
export { type NmsOptions, nms } from './nms.ts';
export {
  type DenseProposals,
  type FeatureGrid,
  type PostProcessingOptions,
  postProcess,
  suppressWindows,
  windowCandidates,
} from './postProcess.ts';
export type { Proposals } from './proposals.ts';
export { type Decay, type SoftNmsOptions, type SoftNmsResult, softNms } from './softNms.ts';
export { type SuppressionOptions, suppress } from './suppress.ts';
export { voteSegments } from './voteSegments.ts';
