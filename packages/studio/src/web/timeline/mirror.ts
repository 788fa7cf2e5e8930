import type { State } from './state.ts';
import type { TimeLineInstance } from './types.ts';

/**
 * What a screen reader has of the canvases: a list box whose options are the selected instance and a few around it in
 * order of time, with their place among all. The selected one is the active option; when it changes under the
 * selection, that is told politely.
 */
export class Mirror {
  readonly #plot: HTMLElement;
  readonly #options = document.createElement('div');
  readonly #news = document.createElement('div');
  readonly #idPrefix = `time-line-${++mirrors}`;
  #active: { readonly id: string; readonly text: string } | undefined;

  /** @param plot - becomes the list box, and takes the focus */
  constructor(plot: HTMLElement, parent: HTMLElement) {
    this.#plot = plot;
    plot.tabIndex = 0;
    plot.setAttribute('role', 'listbox');
    plot.setAttribute('aria-multiselectable', 'true');
    this.#options.setAttribute('role', 'presentation');
    this.#news.setAttribute('role', 'status');
    for (const element of [this.#options, this.#news]) Object.assign(element.style, onlySpoken);
    plot.append(this.#options);
    parent.append(this.#news);
  }

  /** Call when the selection, the instances or the texts changed. @param ordered - own instances in order of time */
  show(state: State, ordered: readonly TimeLineInstance[]): void {
    this.#plot.setAttribute('aria-label', state.texts.label);
    this.#plot.setAttribute('aria-readonly', String(state.readOnly));
    const at = ordered.findIndex(({ id }) => state.selection.has(id));
    const middle = at >= 0 ? at : Math.max(0, firstFrom(ordered, state.playhead));
    const first = Math.max(0, middle - optionsAround);
    const near = ordered.slice(first, middle + optionsAround + 1);
    this.#options.replaceChildren(
      ...near.map((instance, i) => this.#option(state, instance, first + i, ordered.length)),
    );
    if (at >= 0) this.#plot.setAttribute('aria-activedescendant', this.#elementId(at));
    else this.#plot.removeAttribute('aria-activedescendant');
    this.#tell(at >= 0 ? { id: ordered[at].id, text: state.texts.describe(ordered[at]) } : undefined);
  }

  // ---- below: internals ----

  #option(state: State, instance: TimeLineInstance, position: number, count: number): HTMLElement {
    const option = document.createElement('div');
    option.id = this.#elementId(position);
    option.setAttribute('role', 'option');
    option.setAttribute('aria-selected', String(state.selection.has(instance.id)));
    option.setAttribute('aria-posinset', String(position + 1));
    option.setAttribute('aria-setsize', String(count));
    option.textContent = state.texts.describe(instance);
    return option;
  }

  /** Another selected instance is read as the active option; only a change of the same one needs telling. */
  #tell(active: { readonly id: string; readonly text: string } | undefined): void {
    if (active?.id !== this.#active?.id) this.#news.textContent = '';
    else if (active && active.text !== this.#active?.text) this.#news.textContent = active.text;
    this.#active = active;
  }

  #elementId(position: number): string {
    return `${this.#idPrefix}-${position}`;
  }
}

let mirrors = 0;
const optionsAround = 3;

const onlySpoken = {
  position: 'absolute',
  left: '0',
  top: '0',
  width: '1px',
  height: '1px',
  overflow: 'hidden',
  clipPath: 'inset(50%)',
  whiteSpace: 'nowrap',
};

function firstFrom(ordered: readonly TimeLineInstance[], seconds: number): number {
  const at = ordered.findIndex(({ start }) => start >= seconds);
  return at < 0 ? ordered.length - 1 : at;
}
