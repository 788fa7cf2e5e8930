import { GraphError, type Tensor } from 'onnxgrad';

/**
 * @param lengths - of the axes of frames, height and width, as far as a model cares
 * @throws GraphError where clips are not [B, 3, frames, height, width] of these lengths
 */
export function requireClips(model: string, { shape }: Tensor, lengths: readonly number[]): void {
  if (shape.length === 5 && shape[1] === 3 && lengths.every((length, axis) => shape[axis + 2] === length)) return;
  const expected = ['B', 3, ...['frames', 'height', 'width'].map((name, axis) => lengths[axis] ?? name)];
  throw new GraphError(`${model}: clips have shape [${shape.join(', ')}]; expected [${expected.join(', ')}]`);
}
