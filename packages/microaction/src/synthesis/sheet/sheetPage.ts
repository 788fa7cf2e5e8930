import { bodyPartHue } from '../../report/bodyPartColours.ts';
import { escapeHtml } from '../../report/reportPage.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { type FilmStrip, reelFrameRate } from './filmStrips.ts';

/** All strips on a page that needs nothing else: each plays where the pointer or the focus is. HTML. */
export function sheetPage(strips: readonly FilmStrip[]): string {
  const parts = microActions52.bodyParts.flatMap(({ code, name }, position) => {
    const own = strips.filter(({ action }) => action.bodyPart === code);
    if (own.length === 0) return [];
    return `<section style="--hue: ${bodyPartHue(position)}">
<h2>${code} ${escapeHtml(name)}</h2>
<div class="strips">
${own.map(figure).join('\n')}
</div>
</section>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>The 52 micro-actions, simulated</title>
<style>${css}</style>
</head>
<body>
<h1>The 52 micro-actions, simulated</h1>
<p>Each strip shows the moments of one action that differ most, done by a person of its own. Point at a strip, or move
to it with Tab, to see it move. Beside the names: number and code in MA-52.</p>
${parts.join('\n')}
</body>
</html>
`;
}

// ---- below: internals ----

function figure({ action, strip, reel, reelFrames }: FilmStrip): string {
  const { width, height } = strip;
  const seconds = (reelFrames / reelFrameRate).toFixed(2);
  return `<figure tabindex="0">
<figcaption><b>${escapeHtml(action.name)}</b> <span class="code">${action.id} · ${action.code}</span><br>
<span>${escapeHtml(action.description)}</span></figcaption>
<div class="film" style="--pictures: ${width / height}"><img alt="${escapeHtml(`Film strip of ${action.name}: ${action.description}`)}" width="${width}" height="${height}" src="${picture(strip)}">
<div class="reel" style="--side: ${height}px; --frames: ${reelFrames}; --seconds: ${seconds}s; background-image: url(${picture(reel)})"></div></div>
</figure>`;
}

const picture = (canvas: FilmStrip['strip']) => canvas.toDataURL('image/webp', 0.8);

const css = `
:root { color-scheme: light dark; --ground: light-dark(#ffffff, #16181b); --text: light-dark(#1b1d20, #e8eaec);
  --aside: light-dark(#565b61, #a5abb2); --focus: light-dark(#0a5bc4, #7ab4ff);
  font: 14px/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
body { margin: 0 auto; max-width: 1970px; padding: 24px 28px 48px; background: var(--ground); color: var(--text); }
h1 { font-size: 22px; margin: 0 0 4px; }
p { color: var(--aside); margin: 0 0 20px; max-width: 70ch; }
h2 { font-size: 17px; margin: 28px 0 10px; padding-left: 10px; border-left: 5px solid var(--hue); }
.strips { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 560px), 1fr)); gap: 18px 24px; }
figure { margin: 0; border-radius: 6px; }
figure:focus-visible { outline: 2px solid var(--focus); outline-offset: 4px; }
figcaption { margin-bottom: 5px; }
figcaption span { color: var(--aside); }
.film { position: relative; width: fit-content; }
.film img { display: block; max-width: 100%; height: auto; border-radius: 4px; }
.film::after { content: ""; position: absolute; inset: 0 -1px; background: repeating-linear-gradient(90deg,
  var(--ground) 0 1px, transparent 1px calc(100% / var(--pictures) - 1px), var(--ground) 0 calc(100% / var(--pictures))); }
.reel { display: none; position: absolute; z-index: 1; right: 0; bottom: 0; width: var(--side); height: var(--side); border-radius: 4px;
  outline: 3px solid var(--hue); background-size: calc(var(--frames) * var(--side)) var(--side);
  animation: play var(--seconds) steps(var(--frames)) infinite; }
figure:hover .reel, figure:focus .reel { display: block; }
@keyframes play { to { background-position-x: calc(var(--frames) * var(--side) * -1); } }
@media print { .strips { grid-template-columns: 1fr 1fr; } figure { break-inside: avoid; } }
`;
