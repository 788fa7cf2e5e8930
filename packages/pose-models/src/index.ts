/** Address of each network's .onnx file, beside this module. */
const urls = {
  'movenet-thunder': new URL('../models/movenet-thunder.onnx', import.meta.url),
  'blazepose-full': new URL('../models/blazepose-full.onnx', import.meta.url),
  'blazepose-detector': new URL('../models/blazepose-detector.onnx', import.meta.url),
};

export type ModelName = keyof typeof urls;

export const modelNames = Object.keys(urls) as readonly ModelName[];

/** Where the network is: a `file:` address in Node, whatever the bundler made of it in a browser. */
export function modelUrl(name: ModelName): URL {
  return urls[name];
}
