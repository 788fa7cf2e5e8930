export { ActionFormer, type ActionFormerOptions, type TargetTensors } from './actionFormer.ts';
export { loadDetector } from './loadDetector.ts';
export { VideoDetector, type VideoDetectorOptions } from './videoDetector.ts';
