import { startTheme } from '../../page/theme.ts';
import { startSorting } from './sorting.ts';

const theme = startTheme(document.querySelector<HTMLButtonElement>('#theme')!, () => {});
addEventListener('beforeprint', () => theme.forceLight(true));
addEventListener('afterprint', () => theme.forceLight(false));
for (const table of document.querySelectorAll<HTMLTableElement>('.table-frame table')) startSorting(table);
