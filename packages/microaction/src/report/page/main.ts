import type { PageData } from '../pageData.ts';
import { choose, frameAt, nextInTime, pageCommands, speeds } from './commands.ts';
import { CurveView } from './curveView.ts';
import { fillDetail, spokenText } from './detailView.ts';
import { instancesAsCsv, instancesAsJson, saveText } from './downloads.ts';
import { byId, element, swatch } from './element.ts';
import { fillHelp } from './helpDialog.ts';
import { InstanceTable } from './instanceTable.ts';
import { type Command, commandOf, controlNeeds } from './keyboard.ts';
import { drawOverlay, Skeleton } from './overlay.ts';
import { drawOverview } from './overviewView.ts';
import { Player } from './player.ts';
import { startPointer } from './pointer.ts';
import { PageState } from './state.ts';
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

const player = new Player(video, data.durationSeconds, onTime);
const timeLine = new TimeLineView(canvases.rows, state);
const curveView = new CurveView(canvases.curve, state);
const table = new InstanceTable(state, (item) => choose(state, player, item));
let hoverSeconds: number | undefined;
/** Set by escape: the tab key then moves between controls again, until the time line is clicked. */
let tabIsFree = false;

// ---- what can be asked for ----

const commands = pageCommands(state, player, (control) => byId(control, HTMLElement).click());

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
  requestAnimationFrame(drawNow);
}

function drawNow(): void {
  frameIsAsked = false;
  timeLine.draw();
  drawAxis(canvases.axis, state);
  drawOverview(canvases.overview, state);
  curveView.draw(hoverSeconds);
  placePlayhead();
  showCurveValue();
  const { span } = state.scale;
  byId('window-text', HTMLElement).textContent = span < 60 ? `${span.toFixed(1)} s` : timeText(span, 0);
}

function onTime(seconds: number): void {
  if (player.playing && (seconds > state.scale.end || seconds < state.scale.start)) {
    state.scale = state.scale.panned(seconds - state.scale.start - state.scale.span * 0.05);
  }
  placePlayhead();
  if (hoverSeconds === undefined) showCurveValue();
  drawPose();
  const frame = frameAt(seconds, data.frameRate);
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
  playhead.style.top = `${(canvases.axis.offsetParent as HTMLElement).offsetTop + 17}px`; // below the labels
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
  fillDetail(byId('detail', HTMLElement), state, commandButton, (item) => choose(state, player, item));
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

startPointer(state, player, timeLine, (seconds, item) => {
  hoverSeconds = seconds;
  timeLine.hovered = item;
  draw();
});
canvases.rows.addEventListener('dblclick', commands.playSelected);
canvases.rows.addEventListener('pointerdown', () => {
  tabIsFree = false;
});

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
    const next = nextInTime(state, player.time, event.shiftKey ? -1 : 1);
    if (!inTimeLine || tabIsFree || !next) return;
  }
  if (focused?.id === 'table' && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
    choose(state, player, table.neighbour(event.key === 'ArrowUp' ? -1 : 1));
  } else commands[command]();
  if (command === 'deselect') tabIsFree = true;
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
byId('help-open', HTMLElement).addEventListener('click', () => help.showModal());
help.addEventListener('keydown', (event) => {
  if (event.key === '?') help.close();
});
const savedName = `${data.title.replace(/\.[^.]*$/, '').replace(/[\\/:*?"<>|\p{Cc}]+/gu, '_') || 'video'}.micro-actions`;
byId('save-csv', HTMLElement).addEventListener('click', () =>
  saveText(instancesAsCsv(data, state.shown), 'text/csv', `${savedName}.csv`),
);
byId('save-json', HTMLElement).addEventListener('click', () =>
  saveText(instancesAsJson(data, state.shown), 'application/json', `${savedName}.json`),
);

fillHelp(help);

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
byId('overlay-choice', HTMLElement).hidden = !data.pose;
for (const id of ['curve-label', 'curve-plot']) byId(id, HTMLElement).hidden = state.curves.length === 0;
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
const theme = startTheme(byId('theme', HTMLButtonElement), draw);
for (const printing of [true, false]) {
  addEventListener(printing ? 'beforeprint' : 'afterprint', () => {
    table.printing = printing;
    theme.forceLight(printing);
    drawNow(); // the browser does not wait for the next frame
  });
}
startVideo(video, byId('video-message', HTMLElement), data);
byId('screen', HTMLElement).style.setProperty('--aspect', String(data.widthPixels / data.heightPixels));
showFiltered();
onTime(0);
