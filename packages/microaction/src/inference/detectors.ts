/** The detectors that there are, by the name that `--model` takes; the first is the default. */
export const detectorNames = ['kinematic'] as const;

export type DetectorName = (typeof detectorNames)[number];

/** Whether a `--model` names a trained network's file, by how it ends. */
export const isModelFile = (model: string): boolean => /\.(safetensors|onnx)$/i.test(model);
