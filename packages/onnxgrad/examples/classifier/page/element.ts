/** The element of the page with an id. */
export const byId = <E extends Element = HTMLElement>(id: string): E => document.getElementById(id) as unknown as E;

/** A new element with children: `html('p', { class: 'note' }, 'text')`. */
export function html(name: string, attributes: Attributes = {}, ...children: (Node | string)[]): HTMLElement {
  return filled(document.createElement(name), attributes, children);
}

/** A new element of a drawing. */
export function svg(name: string, attributes: Attributes = {}, ...children: (Node | string)[]): SVGElement {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

/** Points as the `points` of a polyline. */
export const pointsOf = (points: readonly (readonly [x: number, y: number])[]): string =>
  points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');

// ---- below: internals ----

type Attributes = Readonly<Record<string, string | number>>;

function filled<E extends Element>(element: E, attributes: Attributes, children: (Node | string)[]): E {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}
