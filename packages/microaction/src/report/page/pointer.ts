import { choose } from './commands.ts';
import { byId } from './element.ts';
import type { Player } from './player.ts';
import type { Item, PageState } from './state.ts';
import type { TimeLineView } from './timeLineView.ts';
import { durationText, timeText } from './timeText.ts';

/**
 * Mouse, pen and touch on the time line: press to seek or to select, drag to scrub, wheel to scroll and zoom.
 *
 * @param hovers - called with the moment and instance under the pointer as it moves
 */
export function startPointer(
  state: PageState,
  player: Player,
  timeLine: TimeLineView,
  hovers: (seconds: number | undefined, item: Item | undefined) => void,
): void {
  const secondsAt = (canvas: HTMLElement, event: MouseEvent) =>
    state.scale.toSeconds(event.clientX - canvas.getBoundingClientRect().left);
  const itemAt = (canvas: HTMLElement, event: MouseEvent) =>
    canvas === timeLine.canvas ? timeLine.itemAt(event.offsetX, event.offsetY) : undefined;

  for (const canvas of [byId('axis', HTMLCanvasElement), byId('curve', HTMLCanvasElement), timeLine.canvas]) {
    let pressedAt: number | undefined;
    let scrubs = false;
    const release = () => {
      pressedAt = undefined;
    };
    canvas.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      pressedAt = event.clientX;
      const item = itemAt(canvas, event);
      scrubs = !item;
      if (item) choose(state, player, item);
      else player.seek(secondsAt(canvas, event));
    });
    canvas.addEventListener('pointermove', (event) => {
      if (pressedAt !== undefined) {
        scrubs ||= Math.abs(event.clientX - pressedAt) > 4;
        if (scrubs) player.seek(secondsAt(canvas, event));
      }
      const item = itemAt(canvas, event);
      canvas.style.cursor = item ? 'pointer' : 'crosshair';
      showTip(item, event);
      hovers(secondsAt(canvas, event), item);
    });
    canvas.addEventListener('pointerup', release);
    canvas.addEventListener('pointercancel', release);
    canvas.addEventListener('pointerleave', (event) => {
      showTip(undefined, event);
      hovers(undefined, undefined);
    });
    canvas.addEventListener('wheel', (event) => onWheel(event, secondsAt(canvas, event)), { passive: false });
  }

  /** With ctrl, or a pinch: zoom where the pointer is. Else scroll in time, where there is anything to scroll. */
  function onWheel(event: WheelEvent, around: number): void {
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    if (event.ctrlKey || event.metaKey) {
      const strength = Math.max(-60, Math.min(60, event.deltaY * pixels));
      state.scale = state.scale.zoomed(Math.exp(-strength / 150), around);
    } else {
      if (state.scale.showsAll) return; // the page may scroll
      const move = (event.deltaX || event.deltaY) * pixels;
      state.scale = state.scale.panned((move / state.scale.width) * state.scale.span);
    }
    event.preventDefault();
  }

  const overview = byId('overview', HTMLCanvasElement);
  const onOverview = (event: PointerEvent) => {
    if (event.buttons !== 1) return;
    overview.setPointerCapture(event.pointerId);
    const seconds = (event.offsetX / overview.clientWidth) * state.scale.duration;
    player.seek(seconds);
    state.scale = state.scale.around(seconds, state.scale.span);
  };
  overview.addEventListener('pointerdown', onOverview);
  overview.addEventListener('pointermove', onOverview);
  overview.addEventListener('wheel', (event) => onWheel(event, player.time), { passive: false });
}

// ---- below: internals ----

function showTip(item: Item | undefined, event: PointerEvent): void {
  const tip = byId('tip', HTMLElement);
  tip.hidden = !item;
  if (!item) return;
  const { kind, start, end, score } = item;
  tip.textContent = `${kind.code} ${kind.name}   ${timeText(start)} – ${timeText(end)}   ${durationText(end - start)}   score ${score.toFixed(2)}`;
  tip.style.left = `${Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 8)}px`;
  tip.style.top = `${event.clientY - tip.offsetHeight - 10}px`;
}
