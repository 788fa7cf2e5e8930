import type { PageData } from '../pageData.ts';
import { CurveView } from './curveView.ts';
import { fillDetail, spokenText } from './detailView.ts';
import { instancesAsCsv, instancesAsJson, saveText } from './downloads.ts';
import { byId, element, swatch } from './element.ts';
import { InstanceTable } from './instanceTable.ts';
import { type Command, commandOf, controlNeeds, keys } from './keyboard.ts';
import { drawOverlay, Skeleton } from './overlay.ts';
import { drawOverview } from './overviewView.ts';
import { Player } from './player.ts';
import { type Item, PageState } from './state.ts';
import { startTheme } from './theme.ts';
import { drawAxis, TimeLineView } from './timeLineView.ts';
import { durationText, numberText, timeText } from './timeText.ts';
import { startVideo } from './videoSource.ts';

const data: PageData = JSON.parse(byId('data', HTMLElement).textContent);
const state = new PageState(data);
const skeleton = new Skeleton(state);

const canvases = {
  overview: byId('overview', HTMLCanvasElement),
  axis: byId('axis', HTMLCanvasElement),
  curve: byId('curve', HTMLCanvasElement),
  rows: byId('rows', HTMLCanvasElement),
  overlay: byId('overlay', HTMLCanvasElement),
};
const video = byId('video', HTMLVideoElement);
const overlayOn = byId('overlay-on', HTMLInputElement);
const soundOn = byId('sound-on', HTMLInputElement);
const speed = byId('speed', HTMLSelectElement);
const curveChoice = byId('curve-choice', HTMLSelectElement);
const help = byId('help', HTMLDialogElement);

const speeds = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4];
const player = new Player(video, data.durationSeconds, onTime);
const timeLine = new TimeLineView(canvases.rows, state);
const curveView = new CurveView(canvases.curve, state);
const table = new InstanceTable(state, choose);
let hoverSeconds: number | undefined;
/** Set by escape: the tab key then moves between controls again, until the time line is clicked. */
let tabIsFree = false;

// ---- what can be asked for ----

const commands: Record<Command, () => void> = {
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
  nextInstance: () => chooseInTime(1),
  previousInstance: () => chooseInTime(-1),
  rowAbove: () => chooseInRow(-1),
  rowBelow: () => chooseInRow(1),
  playSelected: () => playSelected(false),
  loopSelected: () => (player.looping ? player.pause() : playSelected(true)),
  zoomIn: () => zoom(2),
  zoomOut: () => zoom(1 / 2),
  zoomAll: () => {
    state.scale = state.scale.zoomed(0, 0);
  },
  zoomSelected: () => {
    if (!state.selected) return;
    const { start, end } = state.selected;
    const factor = state.scale.span / Math.max(4 * (end - start), 2);
    state.scale = state.scale.showing(start, end).zoomed(factor, (start + end) / 2);
  },
  deselect: () => {
    tabIsFree = true;
    if (player.looping) player.pause();
    state.select(undefined);
  },
  toggleOverlay: () => overlayOn.click(),
  toggleSound: () => soundOn.click(),
  help: () => (help.open ? help.close() : help.showModal()),
};

function choose(item: Item | undefined): void {
  if (!item) return;
  player.seek(item.start);
  state.select(item);
}

function seek(seconds: number): void {
  player.seek(seconds);
  state.scale = state.scale.showing(player.time);
}

/** To the middle of a frame, so that rounding in the browser cannot show the one before. */
function stepFrames(count: number): void {
  player.pause();
  seek((frameAt(player.time) + count + 0.5) / data.frameRate);
}

function frameAt(seconds: number): number {
  return Math.floor(seconds * data.frameRate + 0.001);
}

function changeSpeed(steps: number): void {
  const at = speeds.findIndex((rate) => rate >= player.rate);
  player.rate = speeds[Math.min(Math.max(at + steps, 0), speeds.length - 1)];
}

function zoom(factor: number): void {
  const { scale } = state;
  const playheadInView = player.time >= scale.start && player.time <= scale.end;
  state.scale = scale.zoomed(factor, playheadInView ? player.time : (scale.start + scale.end) / 2);
}

/** The next or previous of the shown instances; from the playhead when none is selected. */
function chooseInTime(direction: 1 | -1): boolean {
  const { shown, selected } = state;
  let next: Item | undefined;
  if (selected) next = shown[shown.indexOf(selected) + direction];
  else if (direction === 1) next = shown.find((item) => item.start >= player.time - 0.001) ?? shown[0];
  else next = shown.findLast((item) => item.start <= player.time) ?? shown[shown.length - 1];
  choose(next);
  return next !== undefined;
}

/** The instance nearest to the playhead in the next row that has any. */
function chooseInRow(direction: 1 | -1): void {
  const from = state.selected?.kind.part ?? (direction === 1 ? -1 : data.bodyParts.length);
  const away = (item: Item) => Math.max(item.start - player.time, player.time - item.end, 0);
  for (let part = from + direction; part >= 0 && part < data.bodyParts.length; part += direction) {
    const [nearest] = state.shown.filter((item) => item.kind.part === part).sort((a, b) => away(a) - away(b));
    if (!nearest) continue;
    choose(nearest);
    return;
  }
}

function playSelected(loop: boolean): void {
  if (state.selected) player.playSpan(state.selected.start, state.selected.end, loop);
}

function commandButton(name: string): HTMLButtonElement {
  const texts: Record<string, [label: string, key: string]> = {
    previousInstance: ['Previous', 'shift tab'],
    nextInstance: ['Next', 'tab'],
    playSelected: ['Play it', 'enter'],
    loopSelected: ['Loop', 'shift enter'],
    zoomSelected: ['Zoom on it', 'Z'],
  };
  const [label, key] = texts[name];
  const button = element('button', { type: 'button', 'data-command': name, title: `${label} (${key})` }, label);
  if (name === 'loopSelected') button.setAttribute('aria-pressed', String(player.looping));
  return button;
}

// ---- what is shown ----

let frameIsAsked = false;
function draw(): void {
  if (frameIsAsked) return;
  frameIsAsked = true;
  requestAnimationFrame(() => {
    frameIsAsked = false;
    timeLine.draw();
    drawAxis(canvases.axis, state);
    drawOverview(canvases.overview, state);
    curveView.draw(hoverSeconds);
    placePlayhead();
    showCurveValue();
    const { span } = state.scale;
    byId('window-text', HTMLElement).textContent = span < 60 ? `${span.toFixed(1)} s` : timeText(span, 0);
  });
}

function onTime(seconds: number): void {
  if (player.playing && (seconds > state.scale.end || seconds < state.scale.start)) {
    state.scale = state.scale.panned(seconds - state.scale.start - state.scale.span * 0.05);
  }
  placePlayhead();
  if (hoverSeconds === undefined) showCurveValue();
  drawPose();
  const frame = frameAt(seconds);
  const about = data.variableFrameRate ? 'about frame' : 'frame';
  byId('readout', HTMLElement).textContent = `${timeText(frame / data.frameRate)}  ${about} ${frame}`;
  const play = byId('play', HTMLElement);
  const word = player.playing ? 'Pause' : 'Play';
  if (play.textContent !== word) play.textContent = word;
  if (speed.value !== String(player.rate)) speed.value = String(player.rate);
  document.querySelector('[data-command=loopSelected]')?.setAttribute('aria-pressed', String(player.looping));
  canvases.overview.setAttribute('aria-valuenow', seconds.toFixed(2));
  canvases.overview.setAttribute(
    'aria-valuetext',
    `${seconds.toFixed(2)} of ${data.durationSeconds.toFixed(2)} seconds`,
  );
}

function placePlayhead(): void {
  const playhead = byId('playhead', HTMLElement);
  const x = state.scale.toX(player.time);
  playhead.hidden = x < -0.5 || x > state.scale.width + 0.5;
  playhead.style.transform = `translateX(${canvases.axis.offsetLeft + (canvases.axis.offsetParent as HTMLElement).offsetLeft + x}px)`;
  playhead.style.top = `${(canvases.axis.offsetParent as HTMLElement).offsetTop}px`;
  const strip = canvases.overview.parentElement as HTMLElement;
  strip.style.setProperty('--playhead', `${(player.time / state.scale.duration) * 100}%`);
}

function drawPose(): void {
  canvases.overlay.hidden = !overlayOn.checked;
  if (overlayOn.checked) drawOverlay(canvases.overlay, state, skeleton, player.time);
}

function showCurveValue(): void {
  const at = curveView.valueAt(hoverSeconds ?? player.time);
  byId('curve-value', HTMLElement).textContent = at
    ? `${numberText(at.value)} ${state.curve?.unit}\nat ${timeText(at.seconds, 2)}`
    : (state.curve?.unit ?? '');
}

function showSelection(): void {
  fillDetail(byId('detail', HTMLElement), state, commandButton, choose);
  table.showSelected();
  byId('announcement', HTMLElement).textContent = spokenText(state);
  if (state.curve) curveChoice.value = state.curve.id;
  canvases.curve.setAttribute(
    'aria-label',
    state.curve ? `${state.curve.title}, ${state.curve.unit}` : 'No motion curve',
  );
}

function showFiltered(): void {
  timeLine.layOut();
  table.update();
  showSelection();
  showPartLabels();
  const { shown, items } = state;
  byId('shown-count', HTMLElement).textContent =
    shown.length === items.length ? `${items.length} instances` : `${shown.length} of ${items.length} instances`;
  byId('least-score-value', HTMLElement).textContent = state.leastScore.toFixed(2);
  const nothing = byId('nothing', HTMLElement);
  nothing.hidden = shown.length > 0;
  nothing.textContent =
    items.length === 0
      ? 'No micro-action was found in this video.'
      : 'No instance passes: lower the least score, or tick more body parts.';
  canvases.rows.setAttribute(
    'aria-label',
    `Time line with ${shown.length} instances. Tab: next instance. Escape: leave.`,
  );
}

function showPartLabels(): void {
  const box = byId('part-labels', HTMLElement);
  const focused = box.contains(document.activeElement) ? document.activeElement?.id : undefined;
  box.replaceChildren(
    ...timeLine.rows.map((row) => {
      const part = data.bodyParts[row.part];
      const on = state.partIsShown(row.part);
      const toggle = (event: Event) => state.showParts([row.part], (event.target as HTMLInputElement).checked);
      const count = state.shown.filter((item) => item.kind.part === row.part).length;
      const label = element(
        'label',
        { title: 'Show or hide this body part' },
        element('input', { type: 'checkbox', id: `part-${row.part}`, checked: on, onchange: toggle }),
        swatch(part.hue),
        element('span', { class: 'name' }, `${part.code} ${part.name}`),
        element('span', { class: 'count' }, on ? String(count) : 'off'),
      );
      label.style.height = `${row.height}px`;
      return label;
    }),
  );
  if (focused) document.getElementById(focused)?.focus();
}

// ---- pointer ----

const pointerSeconds = (canvas: HTMLElement, event: MouseEvent) =>
  state.scale.toSeconds(event.clientX - canvas.getBoundingClientRect().left);

for (const canvas of [canvases.axis, canvases.curve, canvases.rows]) {
  let pressedAt: number | undefined;
  let scrubs = false;
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    tabIsFree = false;
    pressedAt = event.clientX;
    const item = canvas === canvases.rows ? timeLine.itemAt(event.offsetX, event.offsetY) : undefined;
    scrubs = !item;
    if (item) choose(item);
    else player.seek(pointerSeconds(canvas, event));
  });
  canvas.addEventListener('pointermove', (event) => {
    if (pressedAt !== undefined) {
      scrubs ||= Math.abs(event.clientX - pressedAt) > 4;
      if (scrubs) player.seek(pointerSeconds(canvas, event));
    }
    hover(canvas, event);
  });
  canvas.addEventListener('pointerup', () => {
    pressedAt = undefined;
  });
  canvas.addEventListener('pointercancel', () => {
    pressedAt = undefined;
  });
  canvas.addEventListener('pointerleave', () => hover(canvas, undefined));
  canvas.addEventListener('wheel', onWheel, { passive: false });
}
canvases.rows.addEventListener('dblclick', () => playSelected(false));

function hover(canvas: HTMLCanvasElement, event: PointerEvent | undefined): void {
  const item = event && canvas === canvases.rows ? timeLine.itemAt(event.offsetX, event.offsetY) : undefined;
  hoverSeconds = event ? pointerSeconds(canvas, event) : undefined;
  timeLine.hovered = item;
  canvases.rows.style.cursor = item ? 'pointer' : 'crosshair';
  const tip = byId('tip', HTMLElement);
  tip.hidden = !item;
  if (item && event) {
    const { kind, start, end, score } = item;
    tip.textContent = `${kind.code} ${kind.name}   ${timeText(start)} – ${timeText(end)}   ${durationText(end - start)}   score ${score.toFixed(2)}`;
    tip.style.left = `${Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 8)}px`;
    tip.style.top = `${event.clientY - tip.offsetHeight - 10}px`;
  }
  draw();
}

/** With ctrl, or a pinch: zoom where the pointer is. Else scroll in time, where there is anything to scroll. */
function onWheel(event: WheelEvent): void {
  const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
  if (event.ctrlKey || event.metaKey) {
    const around = pointerSeconds(event.currentTarget as HTMLElement, event);
    const strength = Math.max(-60, Math.min(60, event.deltaY * pixels));
    state.scale = state.scale.zoomed(Math.exp(-strength / 150), around);
  } else {
    if (state.scale.showsAll) return;
    const move = (event.deltaX || event.deltaY) * pixels;
    state.scale = state.scale.panned((move / state.scale.width) * state.scale.span);
  }
  event.preventDefault();
}

function onOverviewPointer(event: PointerEvent): void {
  if (event.buttons !== 1) return;
  canvases.overview.setPointerCapture(event.pointerId);
  const { scale } = state;
  const seconds = (event.offsetX / canvases.overview.clientWidth) * scale.duration;
  player.seek(seconds);
  state.scale = scale.panned(seconds - (scale.start + scale.end) / 2);
}
canvases.overview.addEventListener('pointerdown', onOverviewPointer);
canvases.overview.addEventListener('pointermove', onOverviewPointer);
canvases.overview.addEventListener('wheel', onWheel, { passive: false });

document.addEventListener('click', (event) => {
  const button = (event.target as Element).closest<HTMLElement>('[data-command]');
  if (button) commands[button.dataset.command as Command]();
  // A mouse click leaves no control with the keyboard, or the space bar would press it again.
  if (event.detail > 0 && (event.target as Element).closest('button, label:has([type=checkbox])')) {
    (document.activeElement as HTMLElement | null)?.blur();
  }
});

// ---- keyboard ----

document.addEventListener('keydown', (event) => {
  const focused = document.activeElement;
  const command = commandOf(event);
  if (!command || controlNeeds(focused, event.key)) return;
  if (event.key === 'Tab') {
    const inTimeLine = focused === canvases.rows || focused === document.body || focused === null;
    const moved = inTimeLine && !tabIsFree && chooseInTime(event.shiftKey ? -1 : 1);
    if (moved) event.preventDefault();
    return;
  }
  if (focused?.id === 'table' && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
    choose(table.neighbour(event.key === 'ArrowUp' ? -1 : 1));
  } else commands[command]();
  event.preventDefault();
});
canvases.rows.addEventListener('focus', () => {
  tabIsFree = false;
});

// ---- controls ----

byId('least-score', HTMLInputElement).addEventListener('input', (event) => {
  state.leastScore = Number((event.target as HTMLInputElement).value);
});
speed.append(...speeds.map((rate) => element('option', { value: rate, selected: rate === 1 }, `${rate} ×`)));
speed.addEventListener('change', () => {
  player.rate = Number(speed.value);
});
overlayOn.addEventListener('change', drawPose);
soundOn.addEventListener('change', () => {
  video.muted = !soundOn.checked;
});
curveChoice.append(...state.curves.map((curve) => element('option', { value: curve.id }, curve.title)));
curveChoice.addEventListener('change', () => {
  state.curve = state.curves.find((curve) => curve.id === curveChoice.value);
});
byId('help-open', HTMLElement).addEventListener('click', commands.help);
const savedName = `${data.title.replace(/\.[^.]*$/, '').replace(/[\\/:*?"<>|\p{Cc}]+/gu, '_') || 'video'}.micro-actions`;
byId('save-csv', HTMLElement).addEventListener('click', () =>
  saveText(instancesAsCsv(data, state.shown), 'text/csv', `${savedName}.csv`),
);
byId('save-json', HTMLElement).addEventListener('click', () =>
  saveText(instancesAsJson(data, state.shown), 'application/json', `${savedName}.json`),
);

help.append(
  element('h2', { id: 'help-title' }, 'Keys'),
  element(
    'dl',
    {},
    ...keys.map((key) =>
      element('div', {}, element('dt', {}, element('kbd', {}, key.shown)), element('dd', {}, key.does)),
    ),
  ),
  element(
    'p',
    {},
    'Mouse: click to seek, drag to scrub, click an instance to select it, double-click to play it; wheel to scroll in time, ctrl and wheel to zoom. ' +
      'A fuller colour means a higher score.',
  ),
  element('button', { type: 'button', onclick: () => help.close() }, 'Close'),
);

/** A square as full as a score makes an instance. */
function greyOf(score: number): HTMLElement {
  const square = element('i');
  square.style.background = `color-mix(in srgb, var(--aside) ${20 + 80 * score}%, var(--ground))`;
  return square;
}

// ---- start ----

byId('legend', HTMLElement).append('score 0 ', ...[0, 0.25, 0.5, 0.75, 1].map(greyOf), ' 1');
byId('facts', HTMLElement).textContent = [
  durationText(data.durationSeconds),
  `${data.widthPixels} × ${data.heightPixels} pixels`,
  `${Number(data.frameRate.toFixed(3))} frames a second${data.variableFrameRate ? ' (varies)' : ''}`,
  `model ${data.model}`,
].join('  ·  ');
byId('sound', HTMLElement).hidden = !data.hasAudio;
canvases.overview.setAttribute('aria-valuemin', '0');
canvases.overview.setAttribute('aria-valuemax', data.durationSeconds.toFixed(2));

state.onChange((change) => {
  if (change === 'selection') showSelection();
  if (change === 'filter') showFiltered();
  draw();
});
new ResizeObserver(() => {
  state.scale = state.scale.resized(canvases.axis.clientWidth);
}).observe(canvases.axis);
new ResizeObserver(drawPose).observe(byId('screen', HTMLElement));
startTheme(byId('theme', HTMLButtonElement), draw);
for (const [event, printing] of [
  ['beforeprint', true],
  ['afterprint', false],
] as const) {
  addEventListener(event, () => {
    table.printing = printing;
  });
}
startVideo(video, byId('video-message', HTMLElement), data);
byId('screen', HTMLElement).style.setProperty('--aspect', String(data.widthPixels / data.heightPixels));
showFiltered();
onTime(0);
