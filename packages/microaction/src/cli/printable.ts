/** One line that a terminal shows as it is: line breaks become blanks, control characters go. */
export function printable(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\p{Cc}\p{Bidi_Control}]/gu, '');
}

/** Terminal cells that a printable text takes: two for East Asian characters and emoji, none for accents. */
export function displayWidth(text: string): number {
  let cells = 0;
  for (const { segment } of graphemes.segment(text)) cells += isWide.test(segment) ? 2 : 1;
  return cells;
}

/** The text, cut to so many cells with an ellipsis where it is longer. */
export function truncate(text: string, cells: number): string {
  if (displayWidth(text) <= cells) return text;
  let kept = '';
  let width = 1; // the ellipsis
  for (const { segment } of graphemes.segment(text)) {
    width += isWide.test(segment) ? 2 : 1;
    if (width > cells) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

// ---- below: internals ----

const graphemes = new Intl.Segmenter();
const isWide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;
