import { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { wholeFrom } from './inputs.ts';
import { modelFile } from './modelFile.ts';
import type { Session } from './session.ts';
import { refuseExisting, writeFiles, wroteNote } from './writeFiles.ts';

export function exportCommand(session: Session): Command {
  return new Command('export')
    .description(
      'Write a trained network as one .onnx file, which detect, recognize, other programs and browser pages run.',
    )
    .argument('<checkpoint>', 'RUN/best/weights.safetensors', modelFile)
    .requiredOption('--out <file>', 'the file to write: detector.onnx')
    .option('--steps <count>', "of a detector's window (default: the recipe's longest); 16 or a multiple", wholeFrom(1))
    .option('--overwrite', 'replace a file that is there already')
    .addHelpText('after', notes)
    .action((checkpoint: string, options: ExportOptions) => exportModel(session, checkpoint, options));
}

// ---- below: internals ----

interface ExportOptions {
  readonly out: string;
  readonly steps?: number;
  readonly overwrite?: true;
}

const notes = `
A detector. Inputs: frames, uint8 [1, 3, steps, size, size], RGB; mask, float32 [1, steps], 1 where a step is of the video.
Outputs: segments [1, points, 2], in steps; scores [1, points, actions], 0 to 1; valid [1, points].
A recogniser. Input: frames, uint8 [1, 3, frames, size, size], RGB. Output: logits [1, actions]; softmax gives probabilities.
The taxonomy and how frames are made are in the file's metadata. Standard operators only, opset 20.

Examples:
  microaction export runs/dsta-s/best/weights.safetensors --out detector.onnx --steps 256
  microaction export runs/manet/best/weights.safetensors --out manet.onnx
`;

async function exportModel(session: Session, checkpoint: string, { out, steps, overwrite }: ExportOptions) {
  const { taskOf } = await import('../inference/model/modelFiles.ts');
  await refuseExisting([out], overwrite);
  const isRecogniser = (await taskOf(checkpoint)) === 'recognition';
  const content = isRecogniser ? await recogniserFile(checkpoint, steps) : await detectorFile(checkpoint, steps);
  const written = await writeFiles([{ path: out, content }], { overwrite, signal: session.signal });
  session.note(wroteNote(written));
}

async function detectorFile(checkpoint: string, steps: number | undefined): Promise<Uint8Array> {
  const [{ loadTrainedModel }, { exportDetector }] = await Promise.all([
    import('../inference/model/modelDetector.ts'),
    import('../inference/model/onnxDetector.ts'),
  ]);
  const { model, recipe } = await loadTrainedModel(checkpoint);
  return exportDetector(model, recipe, steps);
}

async function recogniserFile(checkpoint: string, steps: number | undefined): Promise<Uint8Array> {
  if (steps !== undefined) throw new UsageError(`--steps is of detectors; ${checkpoint} recognises clips`);
  const [{ loadTrainedRecogniser }, { exportRecogniser }] = await Promise.all([
    import('../inference/recognition/modelRecogniser.ts'),
    import('../inference/recognition/onnxRecogniser.ts'),
  ]);
  const { model, recipe } = await loadTrainedRecogniser(checkpoint);
  return exportRecogniser(model, recipe);
}
