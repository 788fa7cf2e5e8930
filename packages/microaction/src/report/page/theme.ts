type Theme = 'light' | 'dark';

/**
 * Follows the system until the button is pressed; then keeps what was chosen. `changed` is called after each
 * change. Paper is light: `forceLight` is for printing.
 */
export function startTheme(button: HTMLButtonElement, changed: () => void): { forceLight(force: boolean): void } {
  const system = matchMedia('(prefers-color-scheme: dark)');
  let chosen = storedTheme();
  const show = () => {
    const theme = chosen ?? (system.matches ? 'dark' : 'light');
    document.documentElement.dataset.theme = theme;
    button.textContent = theme === 'dark' ? 'Light' : 'Dark';
    button.title = `Change to ${theme === 'dark' ? 'light' : 'dark'} colours`;
    changed();
  };
  button.addEventListener('click', () => {
    chosen = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
    storeTheme(chosen);
    show();
  });
  system.addEventListener('change', show);
  show();
  return {
    forceLight(force) {
      if (force) document.documentElement.dataset.theme = 'light';
      else show();
    },
  };
}

// ---- below: internals ----

const storageKey = 'microaction-theme';

// A browser may forbid storage to a page from a file; then the choice lasts as long as the page.
function storedTheme(): Theme | undefined {
  try {
    const theme = localStorage.getItem(storageKey);
    return theme === 'light' || theme === 'dark' ? theme : undefined;
  } catch {
    return undefined;
  }
}

function storeTheme(theme: Theme): void {
  try {
    localStorage.setItem(storageKey, theme);
  } catch {}
}
