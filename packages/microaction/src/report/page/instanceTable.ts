import { byId, element, swatch } from './element.ts';
import type { Item, PageState } from './state.ts';
import { timeText } from './timeText.ts';

interface Column {
  readonly title: string;
  readonly unit?: string;
  readonly className: string;
  readonly compare: (a: Item, b: Item) => number;
  readonly cell: (item: Item) => (Node | string)[];
}

/** All shown instances, sortable. Only the rows in view are in the document, all of them while printing. */
export class InstanceTable {
  readonly #state: PageState;
  readonly #choose: (item: Item) => void;
  readonly #frame = byId('table-frame', HTMLElement);
  readonly #table = byId('table', HTMLTableElement);
  readonly #body = element('tbody');
  readonly #columns: readonly Column[];
  #sortColumn: Column;
  #ascending = true;
  #sorted: readonly Item[] = [];
  #printing = false;

  /** @param choose - called with the instance of a clicked row */
  constructor(state: PageState, choose: (item: Item) => void) {
    this.#state = state;
    this.#choose = choose;
    this.#columns = columnsFor(state);
    this.#sortColumn = this.#columns[0];
    this.#table.setAttribute('role', 'grid');
    this.#table.tabIndex = 0;
    this.#table.append(
      element('thead', {}, element('tr', {}, ...this.#columns.map((column) => this.#heading(column)))),
    );
    this.#table.append(this.#body);
    this.#frame.addEventListener('scroll', () => this.#drawRows());
    new ResizeObserver(() => this.#drawRows()).observe(this.#frame);
    this.update();
  }

  /** Call when other instances are shown. */
  update(): void {
    const order = this.#ascending ? 1 : -1;
    this.#sorted = [...this.#state.shown].sort((a, b) => order * this.#sortColumn.compare(a, b) || a.number - b.number);
    this.#table.setAttribute('aria-rowcount', String(this.#sorted.length + 1));
    this.#table.querySelectorAll('th').forEach((heading, i) => {
      const sorted = this.#columns[i] === this.#sortColumn;
      heading.setAttribute('aria-sort', sorted ? (this.#ascending ? 'ascending' : 'descending') : 'none');
    });
    this.#drawRows();
  }

  /** Marks the selected instance and brings its row into view. */
  showSelected(): void {
    const at = this.#state.selected ? this.#sorted.indexOf(this.#state.selected) : -1;
    if (at >= 0) {
      const top = at * rowPixels;
      const room = this.#frame.clientHeight - headPixels - rowPixels;
      if (top < this.#frame.scrollTop) this.#frame.scrollTop = top;
      else if (top > this.#frame.scrollTop + room) this.#frame.scrollTop = top - room;
    }
    this.#drawRows();
  }

  /** The instance so many rows below the selected one, in the table's order. */
  neighbour(rows: number): Item | undefined {
    const at = this.#state.selected ? this.#sorted.indexOf(this.#state.selected) : -1;
    return this.#sorted[Math.min(Math.max(at + rows, 0), this.#sorted.length - 1)];
  }

  set printing(printing: boolean) {
    this.#printing = printing;
    this.#drawRows();
  }

  #heading(column: Column): HTMLElement {
    const sort = () => {
      this.#ascending = this.#sortColumn === column ? !this.#ascending : true;
      this.#sortColumn = column;
      this.update();
    };
    const unit = column.unit ? [element('small', {}, ` ${column.unit}`)] : [];
    return element(
      'th',
      { scope: 'col', class: column.className },
      element('button', { type: 'button', onclick: sort }, column.title, ...unit),
    );
  }

  #drawRows(): void {
    const count = this.#sorted.length;
    const first = this.#printing ? 0 : Math.max(0, Math.floor(this.#frame.scrollTop / rowPixels) - 5);
    const inView = Math.ceil(this.#frame.clientHeight / rowPixels) + 10;
    const last = this.#printing ? count : Math.min(count, first + inView);
    const rows = this.#sorted.slice(first, last).map((item, i) => this.#row(item, first + i));
    this.#body.replaceChildren(spacer(first), ...rows, spacer(count - last));
    if (this.#state.selected && rows.some((row) => row.id === selectedRowId)) {
      this.#table.setAttribute('aria-activedescendant', selectedRowId);
    } else this.#table.removeAttribute('aria-activedescendant');
  }

  #row(item: Item, position: number): HTMLElement {
    const selected = item === this.#state.selected;
    const row = element('tr', {
      'aria-rowindex': position + 2,
      'aria-selected': String(selected),
      onclick: () => this.#choose(item),
    });
    if (selected) row.id = selectedRowId;
    row.append(...this.#columns.map((column) => element('td', { class: column.className }, ...column.cell(item))));
    return row;
  }
}

// ---- below: internals ----

// As page.css says.
const rowPixels = 24;
const headPixels = 26;
const selectedRowId = 'selected-row';

function spacer(rows: number): HTMLElement {
  const row = element('tr', { class: 'spacer', 'aria-hidden': 'true' });
  row.style.height = `${rows * rowPixels}px`;
  return row;
}

function columnsFor({ data }: PageState): Column[] {
  const partOf = (item: Item) => data.bodyParts[item.kind.part];
  const reason = (item: Item) => element('span', { title: item.reason }, item.reason);
  return [
    column(
      'Start',
      'm:ss',
      'number time',
      (item) => item.start,
      (item) => [timeText(item.start)],
    ),
    column(
      'End',
      'm:ss',
      'number time',
      (item) => item.end,
      (item) => [timeText(item.end)],
    ),
    column(
      'Lasts',
      's',
      'number',
      (item) => item.end - item.start,
      (item) => [(item.end - item.start).toFixed(2)],
    ),
    column(
      'Code',
      '',
      'code',
      (item) => item.kind.part * 100 + Number.parseInt(item.kind.code.slice(1), 10),
      (item) => [swatch(partOf(item).hue), item.kind.code],
    ),
    column(
      'Action',
      '',
      'action',
      (item) => item.kind.name,
      (item) => [element('span', { title: item.kind.name }, item.kind.name)],
    ),
    column(
      'Body part',
      '',
      'part',
      (item) => item.kind.part,
      (item) => [partOf(item).name],
    ),
    column(
      'Score',
      '',
      'number',
      (item) => item.score,
      (item) => [item.score.toFixed(2)],
    ),
    column(
      'Reason',
      '',
      'reason',
      (item) => item.reason,
      (item) => [reason(item)],
    ),
  ];
}

function column(
  title: string,
  unit: string,
  className: string,
  key: (item: Item) => number | string,
  cell: Column['cell'],
): Column {
  const compare = (a: Item, b: Item) => {
    const [left, right] = [key(a), key(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  };
  return { title, unit, className, compare, cell };
}
