export { env, InferenceSession, Tensor } from 'onnxruntime-node';
