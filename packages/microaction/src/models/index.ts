// The door to networks: plain options in, tensors of onnxgrad out.
export { type AdapterOptions, dstaReadings, makeAdapter, type TokenGrid } from './adapters/index.ts';
export {
  imageNet,
  loadVideoMae,
  type Normalisation,
  ResNet,
  type ResNetOptions,
  VideoMae,
  type VideoMaeOptions,
  videoFeatures,
  videoMaeSizes,
} from './backbones/index.ts';
export { ActionFormer, type ActionFormerOptions, loadDetector, VideoDetector } from './detection/index.ts';
export {
  type ClassificationLossOptions,
  classificationLoss,
  effectiveNumberWeights,
  embeddingLoss,
} from './heads/index.ts';
export * from './recognition/index.ts';
