import type { TensorData } from 'onnxgrad';
import { type LoadReport, stateOf } from 'onnxgrad/nn';
import { UserError } from '../../errors.ts';
import { usingWeights } from '../../files/usingWeights.ts';
import { fromHuggingFace, isHuggingFaceVideoMae } from '../../models/backbones/huggingFaceVideoMae.ts';
import { loadVideoMae, type VideoMae } from '../../models/backbones/index.ts';
import { type ActionFormer, loadDetector, VideoDetector } from '../../models/detection/index.ts';

/** What a file gave a new model. */
export interface InitialWeights {
  readonly path: string;
  /** Whether the file held a detector, or a backbone alone. */
  readonly kind: 'detector' | 'backbone';
  /** Tensors that were filled. */
  readonly loaded: number;
  /** Names of those that stay new: of a backbone's adapters, of a head for other classes. */
  readonly fresh: readonly string[];
}

/**
 * Fills a new model with published weights: those of a detector by OpenTAD's names, of a run's own too, or of VideoMAE
 * as it was released, as mmaction2, OpenTAD or Hugging Face's transformers keep it. Of a detector for other classes the
 * last product of the classes stays new.
 *
 * @throws UserError `mismatch` listing every weight that is missing, unexpected or of another shape, and what reading
 *   the file gives; nothing is changed then
 */
export async function loadInitialWeights(model: VideoDetector | ActionFormer, path: string): Promise<InitialWeights> {
  return usingWeights(path, (tensors) => {
    return { path, ...(isDetector(tensors) ? ofDetector(model, tensors) : ofBackbone(model, tensors, path)) };
  });
}

/**
 * Fills a backbone alone, also from the file of a whole detector, whose head and adapters are left out then.
 *
 * @throws as `loadInitialWeights`
 */
export async function loadInitialBackbone(backbone: VideoMae, path: string): Promise<InitialWeights> {
  return usingWeights(path, (tensors) => {
    const own = [...tensors].filter(([name]) => /^(module\.)?backbone\./.test(name) && !/(^|\.)adapter\./.test(name));
    return { path, ...filled(backbone, isDetector(tensors) ? new Map(own) : tensors) };
  });
}

// ---- below: internals ----

const isDetector = (tensors: ReadonlyMap<string, TensorData>): boolean =>
  [...tensors.keys()].some((name) => /(^|\.)rpn_head\./.test(name));

function ofDetector(
  model: VideoDetector | ActionFormer,
  tensors: ReadonlyMap<string, TensorData>,
): Omit<InitialWeights, 'path'> {
  const fitting = new Map(Array.from(tensors, ([name, tensor]) => [name.replace(/^module\./, ''), tensor]));
  const fresh: string[] = [];
  for (const [name, { dtype, shape, data }] of stateOf(model)) {
    const given = fitting.get(name);
    const isOther = given !== undefined && String(given.shape) !== String(shape);
    if (!(isOther && /(^|\.)rpn_head\.cls_head\./.test(name))) continue;
    fitting.set(name, { dtype, shape, data });
    fresh.push(name);
  }
  loadDetector(model, fitting);
  return { kind: 'detector', loaded: fitting.size - fresh.length, fresh };
}

function ofBackbone(
  model: VideoDetector | ActionFormer,
  tensors: ReadonlyMap<string, TensorData>,
  path: string,
): Omit<InitialWeights, 'path'> {
  if (!(model instanceof VideoDetector)) {
    throw new UserError(
      'wrong-weights',
      `${path}: it holds no detector, and a model that is trained from stored features has no backbone; leave --weights out`,
    );
  }
  return filled(model.backbone, tensors);
}

function filled(backbone: VideoMae, tensors: ReadonlyMap<string, TensorData>): Omit<InitialWeights, 'path'> {
  const named = isHuggingFaceVideoMae(tensors.keys()) ? fromHuggingFace(tensors) : ofEncoder(tensors);
  const { missing }: LoadReport = loadVideoMae(backbone, named);
  return { kind: 'backbone', loaded: stateOf(backbone).size - missing.length, fresh: missing };
}

/** Of what VideoMAE was pre-trained as, the encoder alone. */
function ofEncoder(tensors: ReadonlyMap<string, TensorData>): ReadonlyMap<string, TensorData> {
  if (![...tensors.keys()].some((name) => name.startsWith('encoder.'))) return tensors;
  const encoder = [...tensors].flatMap(([name, tensor]): [string, TensorData][] => {
    if (!name.startsWith('encoder.') || /^encoder\.norm\./.test(name)) return [];
    return [[name.slice('encoder.'.length), tensor]];
  });
  return new Map(encoder);
}
