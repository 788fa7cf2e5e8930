export interface Key {
  /** What `keyName` gives for it. */
  readonly names: readonly string[];
  /** As printed on the key. */
  readonly shown: string;
  readonly command: Command;
  readonly does: string;
}

export type Command =
  | 'playPause'
  | 'frameBack'
  | 'frameForward'
  | 'tenFramesBack'
  | 'tenFramesForward'
  | 'secondBack'
  | 'secondForward'
  | 'tenSecondsBack'
  | 'tenSecondsForward'
  | 'slower'
  | 'stop'
  | 'faster'
  | 'nextInstance'
  | 'previousInstance'
  | 'rowAbove'
  | 'rowBelow'
  | 'playSelected'
  | 'loopSelected'
  | 'zoomIn'
  | 'zoomOut'
  | 'zoomAll'
  | 'zoomSelected'
  | 'deselect'
  | 'toggleOverlay'
  | 'toggleSound'
  | 'help';

/** Every key of the page, in the order of the help. */
export const keys: readonly Key[] = [
  { names: [' '], shown: 'space', command: 'playPause', does: 'play, pause' },
  { names: [','], shown: ',', command: 'frameBack', does: 'one frame back' },
  { names: ['.'], shown: '.', command: 'frameForward', does: 'one frame forward' },
  { names: ['shift+,'], shown: 'shift ,', command: 'tenFramesBack', does: 'ten frames back' },
  { names: ['shift+.'], shown: 'shift .', command: 'tenFramesForward', does: 'ten frames forward' },
  { names: ['ArrowLeft'], shown: '←', command: 'secondBack', does: 'one second back' },
  { names: ['ArrowRight'], shown: '→', command: 'secondForward', does: 'one second forward' },
  { names: ['shift+ArrowLeft'], shown: 'shift ←', command: 'tenSecondsBack', does: 'ten seconds back' },
  { names: ['shift+ArrowRight'], shown: 'shift →', command: 'tenSecondsForward', does: 'ten seconds forward' },
  { names: ['j'], shown: 'J', command: 'slower', does: 'slower' },
  { names: ['k'], shown: 'K', command: 'stop', does: 'stop, normal speed' },
  { names: ['l'], shown: 'L', command: 'faster', does: 'play, then faster' },
  { names: ['Tab'], shown: 'tab', command: 'nextInstance', does: 'next instance (in the time line; Esc frees tab)' },
  { names: ['shift+Tab'], shown: 'shift tab', command: 'previousInstance', does: 'previous instance' },
  { names: ['ArrowUp'], shown: '↑', command: 'rowAbove', does: 'nearest instance in the row above' },
  { names: ['ArrowDown'], shown: '↓', command: 'rowBelow', does: 'nearest instance in the row below' },
  { names: ['Enter'], shown: 'enter', command: 'playSelected', does: 'play the selected instance' },
  { names: ['shift+Enter'], shown: 'shift enter', command: 'loopSelected', does: 'play it again and again' },
  { names: ['+', '='], shown: '+', command: 'zoomIn', does: 'zoom in (or ctrl and wheel)' },
  { names: ['-', '_'], shown: '-', command: 'zoomOut', does: 'zoom out' },
  { names: ['0'], shown: '0', command: 'zoomAll', does: 'whole video' },
  { names: ['z'], shown: 'Z', command: 'zoomSelected', does: 'zoom on the selected instance' },
  { names: ['p'], shown: 'P', command: 'toggleOverlay', does: 'key points on, off' },
  { names: ['m'], shown: 'M', command: 'toggleSound', does: 'sound on, off' },
  { names: ['Escape'], shown: 'esc', command: 'deselect', does: 'deselect, stop looping' },
  { names: ['?'], shown: '?', command: 'help', does: 'this help' },
];

export type Stroke = Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>;

/** The command of a key stroke; none for strokes that belong to the browser. */
export function commandOf(stroke: Stroke): Command | undefined {
  if (stroke.ctrlKey || stroke.altKey || stroke.metaKey) return undefined;
  const name = keyName(stroke);
  return keys.find((key) => key.names.includes(name))?.command;
}

/** Whether a focused control needs this key for itself. */
export function controlNeeds(control: Element | null, key: string): boolean {
  if (!control) return false;
  const tag = control.tagName;
  if (control.closest('dialog')) return true;
  if (tag === 'BUTTON' || tag === 'A') return key === ' ' || key === 'Enter';
  if (tag === 'SELECT') return key !== 'Escape';
  if (tag !== 'INPUT') return false;
  const { type } = control as HTMLInputElement;
  if (type === 'checkbox') return key === ' ';
  if (type === 'range') return key.startsWith('Arrow') || key === 'Home' || key === 'End';
  return true;
}

// ---- below: internals ----

/** Shift counts for keys that have one meaning, not for characters that need it to be typed. */
function keyName({ key, code, shiftKey }: Stroke): string {
  const shift = shiftKey ? 'shift+' : '';
  if (key === ',' || (shiftKey && code === 'Comma')) return `${shift},`;
  if (key === '.' || (shiftKey && code === 'Period')) return `${shift}.`;
  return key.length === 1 ? key.toLowerCase() : shift + key;
}
