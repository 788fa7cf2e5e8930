import { Command } from 'commander';
import type { Session } from './session.ts';

/** A command that only holds others. */
export function group(
  name: string,
  description: string,
  makers: readonly ((session: Session) => Command)[],
  session: Session,
): Command {
  const command = new Command(name).description(description);
  for (const make of makers) command.addCommand(make(session));
  return command;
}
