// The door for Node: files, native decoding, native networks.
export { type ReadDatasetOptions, readDataset } from './files/readDataset.ts';
export { type Detector, type DetectorOptions, detectFile, loadDetector } from './inference/node.ts';
export { loadPoseNetworks, type OnnxOptions } from './pose/onnxNode.ts';
export { openVideo } from './video/node.ts';
