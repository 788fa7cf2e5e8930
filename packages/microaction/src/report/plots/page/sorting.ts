/** Lets a press of a column's head sort a table's rows by it: numbers from the largest, words from A; then reversed. */
export function startSorting(table: HTMLTableElement): void {
  const heads = [...table.tHead!.rows[0].cells];
  heads.forEach((head, column) => {
    const isNumber = head.classList.contains('number');
    head.querySelector('button')!.addEventListener('click', () => {
      const was = head.getAttribute('aria-sort');
      const ascending = was === null ? !isNumber : was === 'descending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
      const body = table.tBodies[0];
      const rows = [...body.rows].map((row) => ({ row, key: row.cells[column].dataset.value! }));
      const sign = ascending ? 1 : -1;
      rows.sort((a, b) => sign * (isNumber ? Number(a.key) - Number(b.key) : a.key.localeCompare(b.key)));
      body.append(...rows.map(({ row }) => row));
    });
  });
}
