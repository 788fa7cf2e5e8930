import type { State } from './state.ts';

/** The whole video as a strip: each instance as a dash, in a line of its body part. */
export function paintOverview(context: CanvasRenderingContext2D, state: State): void {
  const { areas, palette, taxonomy } = state;
  const { top, height } = areas.overview;
  context.fillStyle = palette.panel;
  context.fillRect(0, top, areas.widthPixels, height);
  const line = (height - 4) / taxonomy.bodyParts.length;
  for (const tier of state.layout.tiers) {
    if (tier.kind === 'layer') continue;
    context.fillStyle = palette.parts[tier.part].dash;
    const y = top + 2 + tier.part * line;
    for (const lane of tier.lanes) {
      for (const { start, end, state: status } of lane) {
        if (status === 'rejected') continue;
        const left = overviewX(state, start);
        context.fillRect(left, y, Math.max(1, overviewX(state, end) - left), Math.max(1, line - 1));
      }
    }
  }
}

/** The window in view, and a veil over what is outside it. */
export function paintWindow(context: CanvasRenderingContext2D, state: State): void {
  const { areas, palette, scale } = state;
  if (scale.showsAll) return;
  const { top, height } = areas.overview;
  const { left, width } = overviewWindow(state);
  context.fillStyle = palette.veil;
  context.globalAlpha = 0.3;
  context.fillRect(0, top, left, height);
  context.fillRect(left + width, top, areas.widthPixels - left - width, height);
  context.globalAlpha = 1;
  context.strokeStyle = palette.ink2;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
}

/** A moment's place in the strip. */
export function overviewX({ scale }: State, seconds: number): number {
  return (seconds / scale.duration) * scale.width;
}

/** The window's place in the strip; never too narrow to be caught. */
export function overviewWindow(state: State): { left: number; width: number } {
  const { scale } = state;
  const [start, end] = [overviewX(state, scale.start), overviewX(state, scale.end)];
  const width = Math.max(leastWindowPixels, end - start);
  const left = Math.min(Math.max(0, (start + end - width) / 2), scale.width - width);
  return { left: Math.round(left), width: Math.round(width) };
}

// ---- below: internals ----

const leastWindowPixels = 8;
