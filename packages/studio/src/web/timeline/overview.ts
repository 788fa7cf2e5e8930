import { CanvasLayer } from './canvasLayer.ts';
import type { State } from './state.ts';

/**
 * The whole video as a strip: each instance as a dash, in a line of its body part; over it the window in view and the
 * playhead, which are elements, for they move when nothing of the strip does.
 */
export class Overview {
  readonly #strip: CanvasLayer;
  readonly #element = document.createElement('div');
  readonly #window = document.createElement('div');
  readonly #playhead = document.createElement('div');

  constructor(plot: HTMLElement) {
    Object.assign(this.#element.style, {
      position: 'absolute',
      left: '0',
      right: '0',
      overflow: 'hidden',
      pointerEvents: 'none',
      background: 'var(--panel)',
    });
    this.#strip = new CanvasLayer(this.#element);
    Object.assign(this.#window.style, {
      position: 'absolute',
      inset: '0 auto 0 0',
      boxSizing: 'border-box',
      border: '1px solid var(--ink-2)',
      // What is outside the window fades.
      boxShadow: '0 0 0 9999px color-mix(in srgb, var(--ground) 65%, transparent)',
    });
    Object.assign(this.#playhead.style, {
      position: 'absolute',
      inset: '0 auto 0 0',
      width: '1px',
      background: 'var(--accent)',
      willChange: 'transform',
    });
    this.#element.append(this.#window, this.#playhead);
    plot.append(this.#element);
  }

  /** @param ratio - pixels of the screen to one of CSS */
  place({ areas }: State, ratio: number): void {
    this.#element.style.top = `${areas.overview.top}px`;
    this.#element.style.height = `${areas.overview.height}px`;
    this.#strip.resize(areas.widthPixels, areas.overview.height, ratio);
  }

  paint(state: State): void {
    paintDashes(this.#strip.cleared(), state);
  }

  moveWindow(state: State): void {
    const { left, width } = overviewWindow(state);
    this.#window.style.visibility = state.scale.showsAll ? 'hidden' : 'visible';
    this.#window.style.left = `${left}px`;
    this.#window.style.width = `${width}px`;
  }

  movePlayhead(state: State): void {
    this.#playhead.style.transform = `translateX(${Math.round(overviewX(state, state.playhead))}px)`;
  }
}

/** The window's place in the strip, in pixels; never too narrow to be caught. */
export function overviewWindow(state: State): { left: number; width: number } {
  const { scale } = state;
  const [start, end] = [overviewX(state, scale.start), overviewX(state, scale.end)];
  const width = Math.max(leastWindowPixels, end - start);
  const left = Math.min(Math.max(0, (start + end - width) / 2), scale.width - width);
  return { left: Math.round(left), width: Math.round(width) };
}

// ---- below: internals ----

const leastWindowPixels = 8;
const paddingPixels = 2;

function overviewX({ scale }: State, seconds: number): number {
  return (seconds / scale.duration) * scale.width;
}

function paintDashes(context: CanvasRenderingContext2D, state: State): void {
  const { areas, palette, taxonomy } = state;
  const line = (areas.overview.height - 2 * paddingPixels) / taxonomy.bodyParts.length;
  for (const tier of state.layout.tiers) {
    if (tier.kind === 'layer') continue;
    context.fillStyle = palette.parts[tier.part].dash;
    const y = paddingPixels + tier.part * line;
    for (const lane of tier.lanes) {
      for (const { start, end, state: status } of lane) {
        if (status === 'rejected') continue;
        const left = overviewX(state, start);
        context.fillRect(left, y, Math.max(1, overviewX(state, end) - left), Math.max(1, line - 1));
      }
    }
  }
}
