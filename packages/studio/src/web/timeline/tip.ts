import { durationText, timeText } from 'microaction/time-line';
import type { State } from './state.ts';

/** A few words beside the pointer: the instance under it, or the times that a drag has reached. */
export class Tip {
  readonly #element = document.createElement('div');
  readonly #plot: HTMLElement;

  constructor(plot: HTMLElement) {
    this.#plot = plot;
    this.#element.setAttribute('aria-hidden', 'true');
    Object.assign(this.#element.style, {
      position: 'absolute',
      left: '0',
      top: '0',
      maxWidth: '320px',
      padding: '2px 6px',
      border: '1px solid var(--line)',
      borderRadius: '3px',
      background: 'var(--panel)',
      color: 'var(--ink)',
      font: 'inherit',
      fontSize: '11px',
      fontVariantNumeric: 'tabular-nums',
      lineHeight: '16px',
      pointerEvents: 'none',
      visibility: 'hidden',
      zIndex: '1',
    });
    plot.append(this.#element);
  }

  /** @param x - of the pointer, in pixels from the left of the plot */
  show(state: State, x: number, y: number): void {
    const text = textOf(state);
    if (this.#element.textContent !== text) this.#element.textContent = text;
    this.#element.style.visibility = text === '' ? 'hidden' : 'visible';
    if (text === '') return;
    const { offsetWidth, offsetHeight } = this.#element;
    const left = Math.max(2, Math.min(x + 12, this.#plot.clientWidth - offsetWidth - 2));
    const above = y - offsetHeight - 10;
    this.#element.style.transform = `translate(${Math.round(left)}px, ${Math.round(above >= 0 ? above : y + 18)}px)`;
  }
}

// ---- below: internals ----

function textOf({ drag, hovered, texts }: State): string {
  const span = drag?.draft ?? drag?.edits.values().next().value;
  if (span) return `${timeText(span.start)} – ${timeText(span.end)}  ${durationText(span.end - span.start)}`;
  return hovered?.kind === 'body' || hovered?.kind === 'edge' ? texts.describe(hovered.instance) : '';
}
