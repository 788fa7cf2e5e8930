import { gutterPixels, scrollbarPixels } from './areas.ts';
import { CanvasLayer } from './canvasLayer.ts';
import { Overview } from './overview.ts';
import { paintRows } from './paintRows.ts';
import { paintAxis, paintTiers } from './paintTiers.ts';
import { hasTop, paintTop } from './paintTop.ts';
import type { State } from './state.ts';

/** What has to be drawn again. */
export type Stale = 'base' | 'strip' | 'top' | 'playhead';

/**
 * The plot: canvases one over the other, so that little is drawn when little changes. At the bottom tiers, rows and
 * axis, which change with the view; above them what follows the pointer and the selection. The playhead is an element
 * that the browser moves. The overview has its own canvas, which changes with the instances alone. All is drawn once a
 * frame of the screen.
 */
export class Surface {
  readonly plot = document.createElement('div');
  readonly scroller = document.createElement('div');
  readonly #state: State;
  readonly #scrolled = document.createElement('div');
  readonly #base: CanvasLayer;
  readonly #top: CanvasLayer;
  readonly #playhead = document.createElement('div');
  readonly #overview: Overview;
  readonly #stale = new Set<Stale>();
  readonly #beforePaint: () => void;
  #frame = 0;
  #scrolledTo = '';

  /** @param beforePaint - called once before each painting, e.g. to tell of a new window in view */
  constructor(parent: HTMLElement, state: State, beforePaint: () => void) {
    this.#state = state;
    this.#beforePaint = beforePaint;
    Object.assign(this.plot.style, {
      position: 'absolute',
      inset: `0 ${scrollbarPixels}px 0 ${gutterPixels}px`,
      overflow: 'hidden',
      touchAction: 'none',
      userSelect: 'none',
    });
    // Its room is kept also when all tiers fit: folding must not move what stands beside it.
    Object.assign(this.scroller.style, {
      position: 'absolute',
      right: '0',
      width: `${scrollbarPixels}px`,
      overflow: 'hidden auto',
      scrollbarWidth: 'thin',
    });
    this.scroller.tabIndex = -1;
    this.scroller.setAttribute('aria-hidden', 'true');
    this.#scrolled.style.width = '1px';
    this.scroller.append(this.#scrolled);
    parent.append(this.plot, this.scroller);
    this.#base = new CanvasLayer(this.plot);
    this.#top = new CanvasLayer(this.plot);
    Object.assign(this.#playhead.style, playheadStyle);
    this.plot.append(this.#playhead);
    this.#overview = new Overview(this.plot);
    this.#showFocus();
  }

  /** Draws before the next frame of the screen, however often it is asked. */
  invalidate(...stale: Stale[]): void {
    for (const what of stale) this.#stale.add(what);
    this.#frame ||= requestAnimationFrame(() => this.#paint());
  }

  /** Call when the plot's size, the rows or the tiers changed. */
  place(): void {
    const { areas, layout, palette } = this.#state;
    const ratio = devicePixelRatio || 1;
    const heightPixels = areas.overview.top;
    for (const layer of [this.#base, this.#top]) {
      layer.resize(areas.widthPixels, heightPixels, ratio);
      layer.context.textBaseline = 'middle';
      layer.context.font = canvasFont(palette.fontFamily);
    }
    this.scroller.style.top = `${areas.tiers.top}px`;
    this.scroller.style.height = `${areas.tiers.height}px`;
    this.#scrolled.style.height = `${layout.heightPixels}px`;
    this.scroll();
    this.#playhead.style.height = `${areas.axis.top + 6}px`;
    this.#overview.place(this.#state, ratio);
    this.invalidate('base', 'strip', 'top', 'playhead');
  }

  /** Moves the scroll bar to where the tiers are. Asks the browser only when it must, for that makes it lay out. */
  scroll(): void {
    const { areas, layout, scrollTop } = this.#state;
    const place = `${scrollTop} ${layout.heightPixels} ${areas.tiers.height}`;
    if (place === this.#scrolledTo) return;
    this.#scrolledTo = place;
    this.scroller.scrollTop = scrollTop;
  }

  /** At once: a canvas of a new size is blank, and would be seen so. */
  paintNow(): void {
    cancelAnimationFrame(this.#frame);
    this.#paint();
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
  }

  // ---- below: internals ----

  #paint(): void {
    this.#frame = 0;
    this.#beforePaint();
    const stale = this.#stale;
    if (stale.has('base')) {
      const context = this.#base.cleared();
      paintRows(context, this.#state);
      paintTiers(context, this.#state);
      paintAxis(context, this.#state);
      this.#overview.moveWindow(this.#state);
    }
    if (stale.has('strip')) this.#overview.paint(this.#state);
    if (stale.has('top')) this.#paintTop();
    if (stale.has('playhead')) this.#movePlayhead();
    stale.clear();
  }

  /** The browser's own outline lies below the canvases. */
  #showFocus(): void {
    const ring = document.createElement('div');
    Object.assign(ring.style, {
      position: 'absolute',
      inset: '0',
      border: '2px solid var(--focus)',
      pointerEvents: 'none',
      visibility: 'hidden',
    });
    this.plot.append(ring);
    this.plot.style.outline = 'none';
    this.plot.addEventListener('focus', () => {
      ring.style.visibility = this.plot.matches(':focus-visible') ? 'visible' : 'hidden';
    });
    for (const type of ['blur', 'pointerdown']) {
      this.plot.addEventListener(type, () => {
        ring.style.visibility = 'hidden';
      });
    }
  }

  #movePlayhead(): void {
    const { scale, playhead } = this.#state;
    const ratio = this.#base.ratio;
    const x = Math.round(scale.toX(playhead) * ratio) / ratio;
    this.#playhead.style.visibility = x < -1 || x > scale.width + 1 ? 'hidden' : 'visible';
    this.#playhead.style.transform = `translateX(${x}px)`;
    this.#overview.movePlayhead(this.#state);
  }

  /** An empty layer is taken away: the browser would still lay all its pixels over those below. */
  #paintTop(): void {
    const shown = hasTop(this.#state);
    this.#top.canvas.style.display = shown ? 'block' : 'none';
    if (shown) paintTop(this.#top.cleared(), this.#state);
  }
}

const playheadStyle = {
  position: 'absolute',
  left: '-0.5px',
  top: '0',
  width: '1.5px',
  background: 'var(--accent)',
  pointerEvents: 'none',
  willChange: 'transform',
};

export function canvasFont(family: string): string {
  return `11px ${family}`;
}
