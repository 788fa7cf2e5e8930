import { type RefObject, useSyncExternalStore } from 'react';
import { speeds } from '../player/framePlayer.ts';
import { useTexts } from '../texts/texts.tsx';
import { useObserved } from './benchState.ts';
import { CommandButton } from './CommandButton.tsx';
import type { EditorKeys } from './useKeys.ts';
import type { Workbench } from './workbench.ts';

interface TransportProps {
  readonly bench: Workbench;
  readonly keys: EditorKeys;
  /** Written to at every move of the playhead, without React. */
  readonly clock: RefObject<HTMLOutputElement | null>;
  readonly hasPoints: boolean;
  /** Nothing is detected before the coding is submitted, unless somebody asks for it. */
  readonly isBlind: boolean;
}

/** Playing and stepping, where the playhead is, and what is laid over the video. */
export function Transport({ bench, keys, clock, hasPoints, isBlind }: TransportProps) {
  const t = useTexts();
  const state = useObserved(bench.state, (value) => value);
  const { canUndo, canRedo } = useUndo(bench);
  const both = { bench, keys };
  const ofPoints = { ...both, disabled: !hasPoints, why: t.editor.noPoints(isBlind) };
  return (
    <section className="transport toolbar" data-region="transport" tabIndex={-1} aria-label={t.editor.transport}>
      <CommandButton {...both} command="tenBack" className="button icon">
        «
      </CommandButton>
      <CommandButton {...both} command="frameBack" className="button icon">
        ‹
      </CommandButton>
      <CommandButton {...both} command="play" className="button icon play" tour="play">
        {state.isPlaying ? '❚❚' : '▶'}
      </CommandButton>
      <CommandButton {...both} command="frameForward" className="button icon">
        ›
      </CommandButton>
      <CommandButton {...both} command="tenForward" className="button icon">
        »
      </CommandButton>
      <output ref={clock} className="clock" aria-label={t.editor.clock} aria-live="off" />
      <select
        className="field"
        aria-label={t.editor.speed}
        value={state.speed}
        onChange={(event) => bench.player?.setSpeed(Number(event.target.value))}
      >
        {speeds.map((speed) => (
          <option key={speed} value={speed}>
            {speed}×
          </option>
        ))}
      </select>
      <CommandButton {...both} command="loop" pressed={state.loops}>
        {t.editor.loop}
      </CommandButton>
      <CommandButton {...both} command="snap" pressed={state.snaps}>
        {t.editor.snap}
      </CommandButton>
      <span className="gap" />
      <CommandButton {...ofPoints} command="points" pressed={state.showsPoints}>
        {t.editor.points}
      </CommandButton>
      <CommandButton {...ofPoints} command="person" pressed={state.followsPerson}>
        {t.editor.person}
      </CommandButton>
      <CommandButton {...both} command="motion" pressed={state.showsMotion}>
        {t.editor.motion}
      </CommandButton>
      <span className="gap" />
      <CommandButton {...both} command="list" pressed={state.showsList}>
        {t.editor.list}
      </CommandButton>
      <span className="spring" />
      <CommandButton {...both} command="undo" className="button icon" disabled={!canUndo}>
        ↶
      </CommandButton>
      <CommandButton {...both} command="redo" className="button icon" disabled={!canRedo}>
        ↷
      </CommandButton>
    </section>
  );
}

// ---- below: internals ----

function useUndo({ store }: Workbench) {
  const canUndo = useSyncExternalStore(store.subscribe, () => store.canUndo);
  const canRedo = useSyncExternalStore(store.subscribe, () => store.canRedo);
  return { canUndo, canRedo };
}
