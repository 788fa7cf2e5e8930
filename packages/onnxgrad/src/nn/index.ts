/**
 * Layers that models share. A layer is a class whose fields are its weights, its buffers and its inner layers; the
 * names of the fields are those of official checkpoints, and `stateOf` needs nothing else.
 *
 * @module
 */
export { BatchNorm, type BatchNormOptions } from './batchNorm.ts';
export { Convolution, type ConvolutionOptions } from './convolution.ts';
export { Embedding, type EmbeddingOptions } from './embedding.ts';
export { GroupNorm, type GroupNormOptions } from './groupNorm.ts';
export { type Distribution, Initializer, ones, zeros } from './initializer.ts';
export { LayerNorm, type LayerNormOptions } from './layerNorm.ts';
export { LayerStack, type LayerStackOptions } from './layerStack.ts';
export { Linear, type LinearOptions } from './linear.ts';
export { Mlp, type MlpOptions } from './mlp.ts';
export { inference, type Mode, stretchIf, training } from './mode.ts';
export {
  MultiHeadAttention,
  type MultiHeadAttentionInputs,
  type MultiHeadAttentionOptions,
} from './multiHeadAttention.ts';
export { PatchEmbedding, type PatchEmbeddingOptions } from './patchEmbedding.ts';
export { resizePositions, sineCosine2d, sinusoidTable } from './positions.ts';
export { RmsNorm, type RmsNormOptions } from './rmsNorm.ts';
export { SelfAttention, type SelfAttentionInputs, type SelfAttentionOptions } from './selfAttention.ts';
export {
  countParameters,
  fieldNames,
  freeze,
  type LoadReport,
  loadState,
  loadWeights,
  parametersOf,
  type Readable,
  type StateTensor,
  saveState,
  sharedParts,
  stateOf,
  unfreeze,
} from './state.ts';
export { TransformerBlock, type TransformerBlockOptions } from './transformerBlock.ts';
