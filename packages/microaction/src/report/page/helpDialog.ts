import { element } from './element.ts';
import { keys } from './keyboard.ts';

/** Lists every key, and what the mouse does. */
export function fillHelp(dialog: HTMLDialogElement): void {
  const entries = keys.map((key) =>
    element('div', {}, element('dt', {}, element('kbd', {}, key.shown)), element('dd', {}, key.does)),
  );
  dialog.append(
    element('h2', { id: 'help-title' }, 'Keys'),
    element('dl', {}, ...entries),
    element(
      'p',
      {},
      'Mouse: click to seek, drag to scrub, click an instance to select it, double-click to play it; wheel to ' +
        'scroll in time, ctrl and wheel to zoom. A fuller colour means a higher score.',
    ),
    element('button', { type: 'button', onclick: () => dialog.close() }, 'Close'),
  );
}
