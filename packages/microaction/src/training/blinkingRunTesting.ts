/** A process of its own that trains on blinking pictures: `node blinkingRunTesting.ts FOLDER EPOCHS begin|resume`. */
import { blinking } from './detection/blinkingTesting.ts';
import { DetectionTask } from './detection/detectionTask.ts';
import { train } from './trainer.ts';

const [folder, epochs, how] = process.argv.slice(2);
const engine = { threads: 1 };
// A checkpoint within epochs, too: after each step.
const { recipe, batches, judged } = blinking({ epochs: Number(epochs), checkpointMinutes: 1e-9 });
await using task = new DetectionTask({ recipe, engine, judged });
await train(task, batches, recipe, {
  folder,
  resume: how === 'resume',
  engine,
  signal: new AbortController().signal,
  observer: { step: ({ step }) => process.stdout.write(`step ${step}\n`) },
});
