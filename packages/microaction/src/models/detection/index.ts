export { ActionFormer, type ActionFormerOptions, type TargetTensors } from './actionFormer.ts';
export { loadDetector } from './loadDetector.ts';
