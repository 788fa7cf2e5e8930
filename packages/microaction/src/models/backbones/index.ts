export { Bottleneck, type BottleneckOptions } from './bottleneck.ts';
export {
  type ClipFeatureOptions,
  clipFeatures,
  clipsOf,
  imageNet,
  motionOnly,
  type Normalisation,
  normalised,
  videoFeatures,
} from './clipFeatures.ts';
export { loadVideoMae, mayLack, videoMaeName } from './loadVideoMae.ts';
export { ResNet, type ResNetOptions, resNet50Depths } from './resNet.ts';
export {
  ShiftedConvolution,
  type ShiftOptions,
  SqueezeExcitation,
  towardsOutputs,
  unusedWeights,
} from './temporalShift.ts';
export {
  tinyVideoMae,
  tokenGrid,
  VideoMae,
  VideoMaeBlock,
  type VideoMaeOptions,
  type VideoMaeRun,
  videoMaeSizes,
} from './videoMae.ts';
