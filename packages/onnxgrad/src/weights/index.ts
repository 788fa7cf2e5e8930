export { WeightsError } from '../errors.ts';
export { type DType, numbersOf, type Shape, type TensorData } from '../graph/tensorData.ts';
export { type ByteSource, blobSource, bytesSource } from './byteSource.ts';
export { crc32 } from './crc32.ts';
export { type Match, type MatchOptions, matchWeights } from './matchWeights.ts';
export {
  isNpy,
  type NpyHeader,
  type NpyLayout,
  openNpy,
  readNpy,
  readNpyHeader,
  writeNpy,
} from './npy.ts';
export type { NpyType } from './npyType.ts';
export { openNpz, readNpz, writeNpz } from './npz.ts';
export { NumpyArray } from './numpyClasses.ts';
export { type OpenOptions, openTorch, openWeights } from './openWeights.ts';
export { asJson, PythonName, PythonObject, type PythonValue } from './pythonValues.ts';
export {
  openSafetensors,
  readSafetensors,
  type Safetensors,
  safetensorsPieces,
  writeSafetensors,
} from './safetensors.ts';
export { type StateDict, type StateDictOptions, stateDictOf } from './stateDict.ts';
export { StoredTensor } from './storedTensor.ts';
export type { StoredType } from './storedType.ts';
export type { TorchCheckpoint, TorchOptions } from './torchCheckpoint.ts';
export { WeightsFile, type WeightsFormat } from './weightsFile.ts';
