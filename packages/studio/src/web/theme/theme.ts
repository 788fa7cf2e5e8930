import type { Preferences } from '../../contract/account.ts';

export type Theme = NonNullable<Preferences['theme']>;

/**
 * Shows a theme, and remembers it in a cookie, by which the server writes it into the page: the next one comes in the
 * right colours at once.
 */
export function showTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
  // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not in every browser yet.
  document.cookie = `${themeCookie}=${theme}; path=/; max-age=31536000; samesite=strict`;
}

// ---- below: internals ----

const themeCookie = 'microaction-theme';
