// The door for Node: files, native decoding, native networks.
export * from './evaluation/detection/node.ts';
export * from './evaluation/diagnosis/node.ts';
export { demonstrationVideo } from './files/demonstrationVideo.ts';
export { type ReadDatasetOptions, readDataset } from './files/readDataset.ts';
export { type Detector, type DetectorOptions, detectFile, loadDetector } from './inference/node.ts';
export type { ClipRecogniser } from './inference/recognition/clipRecogniser.ts';
export { loadClipRecogniser } from './inference/recognition/modelRecogniser.ts';
export { type RecognisedClip, type RecognitionOptions, recogniseClip } from './inference/recognition/recogniseClip.ts';
export { loadPoseNetworks, type OnnxOptions } from './pose/onnxNode.ts';
export { type ReportedVideo, type ReportPageOptions, reportPage } from './report/reportPage.ts';
export * from './synthesis/node.ts';
export { openVideo } from './video/node.ts';
