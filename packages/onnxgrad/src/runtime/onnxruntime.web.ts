export { env, InferenceSession, Tensor } from 'onnxruntime-web/all';
