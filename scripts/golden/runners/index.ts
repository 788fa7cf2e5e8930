import { actionFormer } from './actionFormer.ts';
import { adapters } from './adapters.ts';
import { adaTad } from './adaTad.ts';
import { c3d, i3d, slowFast } from './clipRecognisers.ts';
import { dataWindows } from './dataWindows.ts';
import { frameRecognisers, manet, manetHead, manetOptimizer } from './frameRecognisers.ts';
import { frameSampling } from './frameSampling.ts';
import { learningRates } from './learningRates.ts';
import { recognitionMetrics } from './recognitionMetrics.ts';
import type { Runner } from './runner.ts';
import { storedCheckpoints } from './storedCheckpoints.ts';
import { suppression } from './suppression.ts';
import { bottleneck, excitation, shiftedConvolution } from './temporalShift.ts';
import { videoMae } from './videoMae.ts';
import { wordVectors } from './wordVectors.ts';

/** Every kind of case that can be run; the first that recognises a case runs it. */
export const runners: readonly Runner[] = [
  videoMae,
  adapters,
  actionFormer,
  adaTad,
  dataWindows,
  frameSampling,
  learningRates,
  suppression,
  recognitionMetrics,
  wordVectors,
  storedCheckpoints,
  excitation,
  shiftedConvolution,
  bottleneck,
  frameRecognisers,
  manet,
  manetHead,
  manetOptimizer,
  c3d,
  i3d,
  slowFast,
];
