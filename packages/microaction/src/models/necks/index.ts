export type { Level } from './level.ts';
export { LevelNorms } from './levelNorms.ts';
export { MaskedConvolution, type MaskedConvolutionOptions } from './maskedConvolution.ts';
export { TimeConvolution, type TimeConvolutionOptions } from './timeConvolution.ts';
export { TransformerPyramid, type TransformerPyramidOptions } from './transformerPyramid.ts';
