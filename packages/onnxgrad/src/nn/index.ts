/**
 * Layers that models share. A layer is a class whose fields are its weights, its buffers and its inner layers; the
 * names of the fields are those of official checkpoints, and `stateOf` needs nothing else.
 *
 * @module
 */
export { type Distribution, Initializer, ones, zeros } from './initializer.ts';
export { LayerNorm, type LayerNormOptions } from './layerNorm.ts';
export { Linear, type LinearOptions } from './linear.ts';
export { Mlp, type MlpOptions } from './mlp.ts';
export {
  countParameters,
  fieldNames,
  freeze,
  type LoadOptions,
  type LoadReport,
  loadState,
  parametersOf,
  type StateTensor,
  saveState,
  sharedParts,
  stateOf,
  unfreeze,
} from './state.ts';
