import type { Command } from './keyboard.ts';
import type { Player } from './player.ts';
import type { Item, PageState } from './state.ts';

export const speeds: readonly number[] = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4];

/** The number of the frame on display, at the mean frame rate. */
export function frameAt(seconds: number, frameRate: number): number {
  return Math.floor(seconds * frameRate + 0.001);
}

/** A moment this much after a frame's own is safely in that frame, however a browser rounds. */
const insideFrame = 0.001;

/** Selects an instance and goes to its first frame. */
export function choose(state: PageState, player: Player, item: Item | undefined): void {
  if (!item) return;
  player.seek(item.start + insideFrame);
  state.select(item);
}

/** What a reader can ask for, by key, button or pointer; `press` clicks one of the page's own controls. */
export function pageCommands(
  state: PageState,
  player: Player,
  press: (control: 'overlay-on' | 'sound-on' | 'help-open') => void,
): Record<Command, () => void> {
  const { data } = state;

  const seek = (seconds: number) => {
    player.seek(seconds);
    state.scale = state.scale.showing(player.time);
  };

  // To the middle of a frame, so that rounding in the browser cannot show the one before.
  const stepFrames = (count: number) => {
    player.pause();
    seek((frameAt(player.time, data.frameRate) + count + 0.5) / data.frameRate);
  };

  const changeSpeed = (steps: number) => {
    const at = speeds.findIndex((rate) => rate >= player.rate);
    player.rate = speeds[Math.min(Math.max(at + steps, 0), speeds.length - 1)];
  };

  const zoom = (factor: number) => {
    const { scale } = state;
    const playheadInView = player.time >= scale.start && player.time <= scale.end;
    state.scale = scale.zoomed(factor, playheadInView ? player.time : (scale.start + scale.end) / 2);
  };

  const chooseInRow = (direction: 1 | -1) => {
    const from = state.selected?.kind.part ?? (direction === 1 ? -1 : data.bodyParts.length);
    const away = (item: Item) => Math.max(item.start - player.time, player.time - item.end, 0);
    for (let part = from + direction; part >= 0 && part < data.bodyParts.length; part += direction) {
      const [nearest] = state.shown.filter((item) => item.kind.part === part).sort((a, b) => away(a) - away(b));
      if (!nearest) continue;
      choose(state, player, nearest);
      return;
    }
  };

  const playSelected = (loop: boolean) => {
    if (state.selected) player.playSpan(state.selected.start + insideFrame, state.selected.end, loop);
  };

  return {
    playPause: () => (player.playing ? player.pause() : player.play()),
    frameBack: () => stepFrames(-1),
    frameForward: () => stepFrames(1),
    tenFramesBack: () => stepFrames(-10),
    tenFramesForward: () => stepFrames(10),
    secondBack: () => seek(player.time - 1),
    secondForward: () => seek(player.time + 1),
    tenSecondsBack: () => seek(player.time - 10),
    tenSecondsForward: () => seek(player.time + 10),
    slower: () => changeSpeed(-1),
    stop: () => {
      player.pause();
      player.rate = 1;
    },
    faster: () => (player.playing ? changeSpeed(1) : player.play()),
    nextInstance: () => choose(state, player, nextInTime(state, player.time, 1)),
    previousInstance: () => choose(state, player, nextInTime(state, player.time, -1)),
    rowAbove: () => chooseInRow(-1),
    rowBelow: () => chooseInRow(1),
    playSelected: () => playSelected(false),
    loopSelected: () => (player.looping ? player.pause() : playSelected(true)),
    zoomIn: () => zoom(2),
    zoomOut: () => zoom(1 / 2),
    zoomAll: () => {
      state.scale = state.scale.around(0, data.durationSeconds);
    },
    zoomSelected: () => {
      if (!state.selected) return;
      const { start, end } = state.selected;
      state.scale = state.scale.around((start + end) / 2, Math.max(3 * (end - start), 2));
    },
    deselect: () => {
      if (player.looping) player.pause();
      state.select(undefined);
    },
    toggleOverlay: () => press('overlay-on'),
    toggleSound: () => press('sound-on'),
    help: () => press('help-open'),
  };
}

/** The next or previous of the shown instances; counted from the playhead when none is selected. */
export function nextInTime(state: PageState, seconds: number, direction: 1 | -1): Item | undefined {
  const { shown, selected } = state;
  if (selected) return shown[shown.indexOf(selected) + direction];
  if (direction === 1) return shown.find((item) => item.start >= seconds - 0.001) ?? shown[0];
  return shown.findLast((item) => item.start <= seconds) ?? shown[shown.length - 1];
}
