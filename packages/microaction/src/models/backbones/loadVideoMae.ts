import type { TensorData } from 'onnxgrad';
import { type LoadReport, loadState } from 'onnxgrad/nn';
import type { VideoMae } from './videoMae.ts';

/**
 * Loads published weights as they are: of OpenTAD's detectors, of mmaction2's recognisers, or as VideoMAE and
 * VideoMAEv2 themselves name them. A classifier in the file is left out; a file may lack the position table (which is
 * fixed), the norm of `pooled`, and adapters, which then stay new.
 *
 * @throws WeightsError `state-mismatch`, listing all that does not fit
 */
export function loadVideoMae(model: VideoMae, tensors: ReadonlyMap<string, TensorData>): LoadReport {
  return loadState(model, tensors, { rename: videoMaeName, allowMissing: mayLack });
}

/** What published files lack. */
export const mayLack: RegExp = /^pos_embed$|^fc_norm\.|(^|\.)adapter\./;

/** The name here of a published weight; undefined for those of a classifier. */
export function videoMaeName(published: string): string | undefined {
  const name = published.replace(/^(module\.)?(backbone\.model\.)?(backbone\.)?/, '');
  if (/^(cls_)?head\./.test(name)) return undefined;
  return name
    .replace(/^patch_embed\.proj\./, 'patch_embed.projection.')
    .replace(/\.mlp\.fc1\./, '.mlp.layers.0.0.')
    .replace(/\.mlp\.fc2\./, '.mlp.layers.1.');
}
