import { type Areas, gutterPixels } from './areas.ts';
import type { State } from './state.ts';
import type { Tier } from './tierLayout.ts';
import type { TimeLineTexts } from './types.ts';

/** Titles of rows and tiers at the left. Those of body parts are buttons that fold their part out and in. */
export class Gutter {
  readonly element = document.createElement('div');
  readonly #rows = document.createElement('div');
  readonly #clip = document.createElement('div');
  readonly #tiers = document.createElement('div');
  readonly #toggle: (part: string) => void;
  #shown = '';
  #texts: TimeLineTexts | undefined;

  constructor(parent: HTMLElement, toggle: (part: string) => void) {
    this.#toggle = toggle;
    Object.assign(this.element.style, {
      position: 'absolute',
      inset: '0 auto 0 0',
      width: `${gutterPixels}px`,
      borderRight: '1px solid var(--line)',
      boxSizing: 'border-box',
      overflow: 'hidden',
    });
    Object.assign(this.#clip.style, { position: 'absolute', left: '0', right: '0', overflow: 'hidden' });
    this.#clip.append(this.#tiers);
    this.element.append(this.#rows, this.#clip);
    parent.append(this.element);
  }

  /** New titles: call when tiers, rows, texts or sizes changed. */
  show(state: State): void {
    const { texts, areas, rows, layout } = state;
    const shown = JSON.stringify([areas, rows.map(({ title }) => title), layout.tiers.map(lookOf)]);
    if (shown === this.#shown && texts === this.#texts) return;
    this.#shown = shown;
    this.#texts = texts;
    const focused = this.#focusedPart();
    this.#place(areas);
    this.#rows.replaceChildren(...rows.map(({ title }, i) => rowTitle(title, areas, i)));
    this.#tiers.replaceChildren(...layout.tiers.map((tier) => this.#tierTitle(state, tier)));
    if (focused) this.#tiers.querySelector<HTMLElement>(`[data-part="${CSS.escape(focused)}"]`)?.focus();
  }

  scroll(top: number): void {
    this.#tiers.style.transform = `translateY(${-top}px)`;
  }

  #focusedPart(): string | undefined {
    const { activeElement } = document;
    return activeElement instanceof HTMLElement && this.#tiers.contains(activeElement)
      ? activeElement.dataset.part
      : undefined;
  }

  #place({ tiers }: Areas): void {
    this.#clip.style.top = `${tiers.top}px`;
    this.#clip.style.height = `${tiers.height}px`;
  }

  #tierTitle(state: State, tier: Tier): HTMLElement {
    const { code } = state.taxonomy.bodyParts[tier.part];
    const folds = tier.kind === 'part' || tier.kind === 'heading';
    const made = document.createElement(folds ? 'button' : 'div');
    const title = document.createElement('span');
    Object.assign(title.style, { ...titleStyle, lineHeight: `${Math.min(tier.height - 1, tier.laneHeight + 4)}px` });
    Object.assign(made.style, { ...lineStyle, top: `${tier.top}px`, height: `${tier.height}px` });
    made.append(title);
    if (!folds) {
      made.style.paddingLeft = tier.kind === 'layer' ? '34px' : '30px';
      title.append(tier.layer ? tier.layer.title : state.texts.actionTitle(tier.action ?? ''));
      if (tier.kind === 'layer') made.style.color = 'var(--ink-2)';
      return made;
    }
    const unfolded = tier.kind === 'heading';
    const name = state.texts.foldTitle(code, unfolded);
    made.setAttribute('type', 'button');
    made.setAttribute('tabindex', '-1');
    made.setAttribute('aria-expanded', String(unfolded));
    made.setAttribute('aria-label', name);
    made.dataset.part = code;
    made.title = name;
    Object.assign(made.style, buttonStyle);
    title.append(arrow(unfolded), swatch(state.palette.parts[tier.part].hue), bold(code), state.texts.partTitle(code));
    made.addEventListener('click', () => this.#toggle(code));
    return made;
  }
}

// ---- below: internals ----

/** What a tier's title depends on, beside the texts. */
const lookOf = ({ key, kind, top, height, layer }: Tier) => [key, kind, top, height, layer?.title];

const lineStyle = {
  position: 'absolute',
  left: '0',
  right: '0',
  boxSizing: 'border-box',
  padding: '0 6px',
  borderBottom: '1px solid var(--line)',
  overflow: 'hidden',
};

const titleStyle = {
  display: 'block',
  alignSelf: 'flex-start',
  overflow: 'hidden',
  whiteSpace: 'nowrap',
  textOverflow: 'ellipsis',
};

const buttonStyle = {
  display: 'flex',
  width: '100%',
  minHeight: '0',
  margin: '0',
  border: '0',
  borderBottom: '1px solid var(--line)',
  borderRadius: '0',
  boxShadow: 'none',
  background: 'transparent',
  color: 'inherit',
  font: 'inherit',
  textAlign: 'left',
  cursor: 'pointer',
};

function rowTitle(title: string, { rows }: Areas, i: number): HTMLElement {
  const made = document.createElement('div');
  const { top, height } = rows[i];
  Object.assign(made.style, {
    ...lineStyle,
    top: `${top}px`,
    height: `${height}px`,
    lineHeight: `${height}px`,
    color: 'var(--ink-2)',
  });
  made.textContent = title;
  return made;
}

function arrow(unfolded: boolean): HTMLElement {
  const made = document.createElement('span');
  made.setAttribute('aria-hidden', 'true');
  made.textContent = unfolded ? '▾' : '▸';
  Object.assign(made.style, { display: 'inline-block', width: '14px', color: 'var(--ink-2)' });
  return made;
}

function swatch(hue: string): HTMLElement {
  const made = document.createElement('span');
  Object.assign(made.style, {
    display: 'inline-block',
    width: '9px',
    height: '9px',
    marginRight: '6px',
    background: hue,
  });
  return made;
}

function bold(code: string): HTMLElement {
  const made = document.createElement('b');
  made.textContent = code;
  made.style.marginRight = '5px';
  return made;
}
