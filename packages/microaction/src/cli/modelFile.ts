import { InvalidArgumentError } from 'commander';
import { isModelFile } from '../inference/detectors.ts';

/** A parser of the file of a trained network. */
export function modelFile(text: string): string {
  if (isModelFile(text)) return text;
  throw new InvalidArgumentError('Expected a file .safetensors or .onnx, such as RUN/best/weights.safetensors.');
}
