import type { ReactNode } from 'react';
import { useTexts } from '../texts/texts.tsx';
import { chordText } from './keys/chords.ts';
import type { Command } from './keys/keyMap.ts';
import { type EditorKeys, firstChord } from './useKeys.ts';
import type { Workbench } from './workbench.ts';

interface CommandButtonProps {
  readonly bench: Workbench;
  readonly keys: EditorKeys;
  readonly command: Command;
  /** Whether it is on, for what can be on and off. */
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  /** Why it is disabled. */
  readonly why?: string;
  readonly className?: string;
  readonly tour?: string;
  /** The command's name where the content does not say it. */
  readonly children: ReactNode;
}

/** Does with the mouse what a key does, and says which key. */
export function CommandButton(props: CommandButtonProps) {
  const { bench, keys, command, pressed, disabled, why, className = 'button', tour, children } = props;
  const t = useTexts();
  const chord = firstChord(keys, command);
  const name = t.editor.commands[command];
  const title = chord ? `${name} (${chordText(chord)})` : name;
  const reason = disabled ? why : undefined;
  return (
    <button
      type="button"
      className={className}
      aria-label={name}
      aria-pressed={pressed}
      aria-keyshortcuts={chord?.replace('Mod', 'Control')}
      aria-description={reason}
      title={reason ? `${title}\n${reason}` : title}
      disabled={disabled}
      data-tour={tour}
      onClick={() => bench.command(command)}
    >
      {children}
    </button>
  );
}
