export { WeightsError } from '../errors.ts';
export { type DType, numbersOf, type Shape, type TensorData } from '../graph/tensorData.ts';
export { crc32 } from './crc32.ts';
export {
  isNpy,
  type NpyHeader,
  type NpyLayout,
  type NpyType,
  openNpy,
  readNpy,
  readNpyHeader,
  writeNpy,
} from './npy.ts';
