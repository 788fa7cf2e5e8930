import { Command } from 'commander';
import { wholeFrom } from './inputs.ts';
import { modelFile } from './modelFile.ts';
import type { Session } from './session.ts';
import { refuseExisting, writeFiles, wroteNote } from './writeFiles.ts';

export function exportCommand(session: Session): Command {
  return new Command('export')
    .description('Write a trained detector as one .onnx file, which detect, other programs and browser pages run.')
    .argument('<checkpoint>', 'RUN/best/weights.safetensors', modelFile)
    .requiredOption('--out <file>', 'the file to write: detector.onnx')
    .option('--steps <count>', "of a window (default: the recipe's longest); 16 or a multiple", wholeFrom(1))
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
Inputs: frames, uint8 [1, 3, steps, size, size], RGB; mask, float32 [1, steps], 1 where a step is of the video.
Outputs: segments [1, points, 2], in steps; scores [1, points, actions], 0 to 1; valid [1, points].
The taxonomy and how frames are made are in the file's metadata. Standard operators only, opset 20.

Example:
  microaction export runs/dsta-s/best/weights.safetensors --out detector.onnx --steps 256
`;

async function exportModel(session: Session, checkpoint: string, { out, steps, overwrite }: ExportOptions) {
  const [{ loadTrainedModel }, { exportDetector }] = await Promise.all([
    import('../inference/model/modelDetector.ts'),
    import('../inference/model/onnxDetector.ts'),
  ]);
  await refuseExisting([out], overwrite);
  const { model, recipe } = await loadTrainedModel(checkpoint);
  const content = exportDetector(model, recipe, steps);
  const written = await writeFiles([{ path: out, content }], { overwrite, signal: session.signal });
  session.note(wroteNote(written));
}
