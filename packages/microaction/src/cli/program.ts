import { Command } from 'commander';
import { actionsCommand } from './actions.ts';
import { agreementCommand } from './agreement.ts';
import { compareCommand } from './compare.ts';
import { datasetCommand } from './dataset/dataset.ts';
import { demoCommand } from './demo.ts';
import { detectCommand } from './detect.ts';
import { diagnoseCommand } from './diagnose.ts';
import { emotionCommand } from './emotion/emotion.ts';
import { evaluateCommand } from './evaluate/evaluate.ts';
import { exportCommand } from './exportModel.ts';
import { featuresCommand } from './features.ts';
import { inspectCommand } from './inspect.ts';
import { modelsCommand } from './models.ts';
import { predictCommand } from './predict.ts';
import { printable } from './printable.ts';
import { recognizeCommand } from './recognize.ts';
import { reproduceCommand } from './reproduce/reproduce.ts';
import type { Session } from './session.ts';
import { studioCommand } from './studio.ts';
import { submitCommand } from './submit/submit.ts';
import { synthesizeCommand } from './synthesize.ts';
import { trainCommand } from './train/train.ts';
import { version } from './version.ts';
import { weightsCommand } from './weights/weights.ts';

/** The whole command line. Its errors are thrown, never exits. */
export function program(session: Session): Command {
  const microaction = new Command('microaction')
    .description('Finds the small movements people make without meaning to, in video.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => session.stdout.write(text),
      writeErr: (text) => session.stderr.write(text),
      outputError: (text, write) => write(`microaction: ${oneLine(text)}; see --help\n`),
    })
    .addHelpText('after', exitCodes);
  for (const make of commands) add(microaction, make(session));
  return microaction;
}

// ---- below: internals ----

const commands = [
  studioCommand,
  detectCommand,
  recognizeCommand,
  predictCommand,
  featuresCommand,
  exportCommand,
  modelsCommand,
  actionsCommand,
  inspectCommand,
  demoCommand,
  datasetCommand,
  agreementCommand,
  evaluateCommand,
  compareCommand,
  diagnoseCommand,
  submitCommand,
  synthesizeCommand,
  trainCommand,
  reproduceCommand,
  emotionCommand,
  weightsCommand,
];

/** Settings and version reach the commands of a command too. */
function add(parent: Command, command: Command): void {
  const below = [...command.commands];
  if (command.parent !== parent) parent.addCommand(command);
  command.version(version).copyInheritedSettings(parent);
  for (const one of below) add(command, one);
}

const exitCodes = `
Exit codes: 0 done, 1 failed, 2 wrong use, 130 stopped by Ctrl-C.
NO_COLOR=1 turns colours off.
`;

/** Commander's messages come with a label, line breaks and a full stop. */
const oneLine = (text: string) =>
  printable(text)
    .replace(/^error: /, '')
    .replace(/[.\s]+$/, '');
