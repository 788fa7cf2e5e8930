import { Command } from 'commander';
import { actionsCommand } from './actions.ts';
import { demoCommand } from './demo.ts';
import { detectCommand } from './detect.ts';
import { inspectCommand } from './inspect.ts';
import { printable } from './printable.ts';
import type { Session } from './session.ts';
import { version } from './version.ts';

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
  for (const make of [detectCommand, actionsCommand, inspectCommand, demoCommand]) {
    microaction.addCommand(make(session).version(version).copyInheritedSettings(microaction));
  }
  return microaction;
}

// ---- below: internals ----

const exitCodes = `
Exit codes: 0 done, 1 failed, 2 wrong use, 130 stopped by Ctrl-C.
NO_COLOR=1 turns colours off.
`;

/** Commander's messages come with a label, line breaks and a full stop. */
const oneLine = (text: string) =>
  printable(text)
    .replace(/^error: /, '')
    .replace(/[.\s]+$/, '');
