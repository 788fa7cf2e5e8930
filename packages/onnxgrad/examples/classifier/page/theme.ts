import { byId } from './element.ts';

/** Follows the system until the button is pressed. */
export function startTheme(): void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const button = byId('theme');
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : system.matches);
  const name = () => (button.textContent = isDark() ? 'Light' : 'Dark');
  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    name();
  });
  system.addEventListener('change', name);
  name();
}
