import { useState } from 'react';
import { changePreferences, usePreferences } from '../api/session.tsx';
import { Dialog } from '../shell/Dialog.tsx';
import { ProblemNote } from '../shell/ProblemNote.tsx';
import { useTexts } from '../texts/texts.tsx';
import { useObserved } from './benchState.ts';
import { chordText } from './keys/chords.ts';
import { type ChosenKeys, type Command, type CommandGroup, commandGroups, KeyMap } from './keys/keyMap.ts';
import type { EditorKeys } from './useKeys.ts';
import type { Workbench } from './workbench.ts';

/** All keys, where they clash, and how to change them. */
export function KeysDialog({ bench, keys }: { bench: Workbench; keys: EditorKeys }) {
  const t = useTexts();
  const isOpen = useObserved(bench.state, (state) => state.dialog === 'keys');
  return (
    <Dialog title={t.editor.keys.title} open={isOpen} onClose={() => bench.state.set({ dialog: null })} wide>
      <Keys keys={keys} />
    </Dialog>
  );
}

// ---- below: internals ----

function Keys({ keys }: { keys: EditorKeys }) {
  const t = useTexts();
  const { keys: chosen = {}, reactionDelaySeconds = 0 } = usePreferences();
  const [changing, setChanging] = useState<Command | null>(null);
  const [error, setError] = useState<unknown>(null);
  const keep = (next: ChosenKeys) => {
    setChanging(null);
    changePreferences({ keys: { ...next } }).catch(setError);
  };
  const { keyMap, layout, strokes } = keys;
  const capture = (command: Command) => (event: React.KeyboardEvent) => {
    if (changing !== command || event.key === 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') {
      setChanging(null);
      return;
    }
    const [chord] = isModifier(event.key) ? [] : layout.chordsOf(event.nativeEvent);
    if (chord) keep(KeyMap.chosenWith(chosen, command, [chord]));
  };
  return (
    <div className="keys">
      <p className="hint">
        {t.editor.keys.intro} {t.editor.stageHint}
      </p>
      <Clashes keys={keys} />
      <ProblemNote error={error} />
      <div className="keys-groups">
        {(Object.keys(commandGroups) as CommandGroup[]).map((group) => (
          <section key={group}>
            <h3>{t.editor.groups[group]}</h3>
            <dl>
              {(Object.keys(commandGroups[group]) as Command[]).map((command) => {
                const chords = keyMap.chordsOf(command).map((chord) => chordText(chord));
                const name = t.editor.commands[command];
                return (
                  <div key={command}>
                    <dt>{name}</dt>
                    <dd>
                      <button
                        type="button"
                        className="button quiet"
                        aria-label={t.editor.keys.changeKey(name, chords.join(', '))}
                        onClick={() => setChanging(command)}
                        onKeyDown={capture(command)}
                        onBlur={() => setChanging(null)}
                      >
                        {changing === command
                          ? t.editor.keys.press
                          : chords.map((chord) => <kbd key={chord}>{chord}</kbd>)}
                      </button>
                      {keyMap.isChosen(command) && (
                        <button
                          type="button"
                          className="button link"
                          onClick={() => keep(KeyMap.chosenWith(chosen, command, undefined))}
                        >
                          {t.editor.keys.reset}
                        </button>
                      )}
                    </dd>
                  </div>
                );
              })}
            </dl>
          </section>
        ))}
        <section>
          <h3>{t.editor.keys.labels}</h3>
          <p>
            {[...new Set([...strokes.values()].map(({ first }) => first))].map((first) => (
              <kbd key={first}>{first.toUpperCase()}</kbd>
            ))}
          </p>
          <p className="hint">{t.editor.keys.labelsText}</p>
          <label className="labelled">
            {t.editor.keys.delay}
            <input
              type="number"
              className="field"
              min={0}
              max={2}
              step={0.05}
              defaultValue={reactionDelaySeconds}
              onBlur={({ target }) => {
                const seconds = target.valueAsNumber;
                if (seconds >= 0 && seconds <= 2) changePreferences({ reactionDelaySeconds: seconds }).catch(setError);
              }}
            />
            <span className="hint">{t.editor.keys.delayHint}</span>
          </label>
        </section>
      </div>
      <div className="form-actions">
        <button type="button" className="button" disabled={Object.keys(chosen).length === 0} onClick={() => keep({})}>
          {t.editor.keys.resetAll}
        </button>
      </div>
    </div>
  );
}

function Clashes({ keys: { keyMap, strokes } }: { keys: EditorKeys }) {
  const t = useTexts();
  const clashes = keyMap.clashes([...strokes.values()].map(({ first }) => first));
  if (clashes.length === 0) return null;
  return (
    <ul className="problem" role="alert">
      {clashes.map(({ chord, commands, isLabel }) => {
        const names = t.format.list(commands.map((command) => t.editor.commands[command]));
        return (
          <li key={chord}>
            {t.editor.keys.clash(chordText(chord), names)}
            {isLabel && ` · ${t.editor.keys.clashLabel(chordText(chord))}`}
          </li>
        );
      })}
    </ul>
  );
}

const isModifier = (key: string) => ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock'].includes(key);
