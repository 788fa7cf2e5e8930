import { element, swatch } from './element.ts';
import type { Item, PageState } from './state.ts';
import { durationText, timeText } from './timeText.ts';

/** All about the selected instance; while none is, how much was found in each body part. */
export function fillDetail(
  box: HTMLElement,
  state: PageState,
  command: (name: string) => HTMLButtonElement,
  choose: (item: Item) => void,
): void {
  const { selected } = state;
  if (selected)
    box.replaceChildren(...aboutInstance(state, selected, command), ...aboutNeighbours(state, selected, choose));
  else if (state.items.length === 0) box.replaceChildren(...aboutNothing(state));
  else box.replaceChildren(...aboutAll(state));
}

/** One sentence for a screen reader. */
export function spokenText(state: PageState): string {
  const item = state.selected;
  if (!item) return `${state.shown.length} instances shown. Tab selects the next one.`;
  const span = `${item.start.toFixed(2)} to ${item.end.toFixed(2)} seconds`;
  return `${item.kind.name}, ${state.data.bodyParts[item.kind.part].name}, ${span}, score ${item.score.toFixed(2)}. ${item.reason}`;
}

// ---- below: internals ----

function aboutInstance(state: PageState, item: Item, command: (name: string) => HTMLButtonElement): HTMLElement[] {
  const part = state.data.bodyParts[item.kind.part];
  const fact = (name: string, ...value: (Node | string)[]) =>
    element('div', {}, element('dt', {}, name), element('dd', {}, ...value));
  const buttons = ['previousInstance', 'nextInstance', 'playSelected', 'loopSelected', 'zoomSelected'].map(command);
  return [
    element(
      'h2',
      {},
      swatch(part.hue),
      element('span', { class: 'code' }, item.kind.code),
      ` ${item.kind.name} `,
      element('span', { class: 'aside' }, part.name),
    ),
    element(
      'dl',
      {},
      fact('time', `${timeText(item.start)} – ${timeText(item.end)}`),
      fact('lasts', durationText(item.end - item.start)),
      fact('score', item.score.toFixed(2)),
    ),
    element('p', { class: 'reason' }, item.reason || 'The detector gives no reason.'),
    element('p', { class: 'aside' }, `What to look for: ${item.kind.description}`),
    element('div', { class: 'buttons' }, ...buttons),
  ];
}

/** What else goes on meanwhile. */
function aboutNeighbours(state: PageState, item: Item, choose: (item: Item) => void): HTMLElement[] {
  const beside = state.shown.filter((other) => other !== item && other.start < item.end && other.end > item.start);
  if (beside.length === 0) return [];
  const buttons = beside
    .slice(0, 8)
    .map((other) =>
      element(
        'button',
        { type: 'button', onclick: () => choose(other), title: `Select ${other.kind.name}, ${timeText(other.start)}` },
        swatch(state.data.bodyParts[other.kind.part].hue),
        other.kind.name,
      ),
    );
  const more = beside.length > 8 ? [`and ${beside.length - 8} more`] : [];
  return [
    element('div', { class: 'beside' }, element('span', { class: 'aside' }, 'at the same time'), ...buttons, ...more),
  ];
}

function aboutAll({ data, shown, items }: PageState): HTMLElement[] {
  const rows = data.bodyParts.map((part, i) => {
    const of = shown.filter((item) => item.kind.part === i);
    const seconds = coveredSeconds(of);
    const share = (100 * seconds) / Math.max(data.durationSeconds, 1e-9);
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, swatch(part.hue), `${part.code} ${part.name}`),
      element('td', { class: 'number' }, String(of.length)),
      element('td', { class: 'number' }, seconds.toFixed(2)),
      element('td', { class: 'number' }, share.toFixed(1)),
    );
  });
  const heads = ['Body part', 'instances', 'in all, s', '% of video'];
  return [
    element('h2', {}, shown.length === items.length ? 'What was found' : 'What is shown'),
    element(
      'table',
      { class: 'budget' },
      element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
      element('tbody', {}, ...rows),
    ),
    element('p', { class: 'aside' }, 'Click an instance on the time line, or press tab, to see why it was found.'),
  ];
}

function aboutNothing({ data, poseTimes }: PageState): HTMLElement[] {
  const followed = poseTimes.length > 0;
  const advice = !data.pose
    ? [
        'Keep what is less sure: --min-score 0.05.',
        'Does the video look like those that the network was trained on? Another distance, angle or light than there is hard for it.',
      ]
    : followed
      ? [
          'Play the video with the key points on. Do they follow the person you mean? If not, choose the person: --person X,Y,W,H.',
          'Is the person small in the picture, or mostly hidden? Movements below the jitter of the key points are not told from it; a closer or larger video helps.',
          'Keep what is less sure: --min-score 0.1. Look more often a second for quick movements: --fps 30.',
        ]
      : [
          'No person was found in the picture, so there was nothing to follow. Check that the video shows a person from the head to the hips at least.',
          'Point at the person: --person X,Y,W,H, in pixels of the picture.',
        ];
  return [
    element('h2', {}, 'No micro-action was found'),
    element(
      'p',
      {},
      followed
        ? `In ${durationText(data.durationSeconds)} of video nothing moved clearly more than the key points jitter. Either the person kept still, or the movements were missed. What you can try:`
        : 'What you can try:',
    ),
    element('ul', {}, ...advice.map((text) => element('li', {}, text))),
  ];
}

/** Time in which at least one of the instances holds. */
function coveredSeconds(items: readonly Item[]): number {
  let covered = 0;
  let until = 0;
  for (const { start, end } of items) {
    covered += Math.max(0, end - Math.max(start, until));
    until = Math.max(until, end);
  }
  return covered;
}
