type Attributes = Readonly<Record<string, string | number | boolean | ((event: Event) => void)>>;

/** A new element: attributes by name, listeners as `onclick`, then its children. Texts stay texts. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name.slice(2), value);
    else if (value !== false) made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children);
  return made;
}

/** The element with an id; it must be there, and of that kind. */
export function byId<E extends HTMLElement>(id: string, kind: abstract new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no ${kind.name} #${id}.`);
  return found;
}

/** A square in a body part's hue. */
export function swatch(hue: string): HTMLElement {
  const made = element('span', { class: 'swatch' });
  made.style.background = hue;
  return made;
}
