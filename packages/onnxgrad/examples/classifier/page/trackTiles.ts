import { frames, type Motions, movements } from '../movements.ts';
import { verdicts } from '../verdicts.ts';
import { byId, html, pointsOf, svg } from './element.ts';

const tilesPerMovement = 8;

/** Shows some tracks of each movement; `show` says below each what it is taken for, and how surely. */
export function trackTiles({ tracks, labels }: Motions): { show(shares: Float32Array): void } {
  const tiles = movements.map((_, label) =>
    [...labels.keys()]
      .filter((track) => labels[track] === label)
      .slice(0, tilesPerMovement)
      .map((track) => ({ track, label, caption: html('p', {}, '–'), element: html('div', { class: 'tile' }) })),
  );
  byId('tracks').replaceChildren(
    ...tiles.map((row, label) => {
      for (const { track, caption, element } of row) element.append(drawn(tracks, track), caption);
      const all = html('div', { class: 'tiles' }, ...row.map(({ element }) => element));
      return html('div', { class: 'movement' }, movements[label], all);
    }),
  );
  return {
    show(shares) {
      const taken = verdicts(shares);
      for (const { track, label, caption, element } of tiles.flat()) {
        const verdict = taken[track];
        const percent = Math.round(shares[track * movements.length + verdict] * 100);
        caption.replaceChildren(html('span', {}, movements[verdict]), html('span', {}, `${percent} %`));
        element.dataset.right = String(verdict === label);
      }
    },
  };
}

// ---- below: internals ----

/** Both coordinates of a track by time, each about its own middle. */
function drawn(tracks: Float32Array, track: number): SVGElement {
  const lines = ['right', 'down'].map((axis, i) => {
    const start = (track * 2 + i) * frames;
    const values = [...tracks.subarray(start, start + frames)];
    const middle = values.reduce((sum, value) => sum + value, 0) / frames;
    return svg('polyline', { class: axis, points: pointsOf(values.map((value, x) => [x, (value - middle) * 14])) });
  });
  return svg(
    'svg',
    { viewBox: `0 -20 ${frames - 1} 40`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    ...lines,
  );
}
