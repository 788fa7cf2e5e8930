import { firstEndingAfter, timeText } from 'microaction/time-line';
import { type Box, leastBarPixels, paintBar } from './paintBar.ts';
import type { State } from './state.ts';
import { laneTop, type Tier } from './tierLayout.ts';
import type { TimeLineInstance } from './types.ts';

/** The tiers in view: ground, lines of time, bars. What is being dragged is left as a shadow. */
export function paintTiers(context: CanvasRenderingContext2D, state: State): void {
  const { areas, layout, scrollTop, scale } = state;
  const { top, height } = areas.tiers;
  context.save();
  context.beginPath();
  context.rect(0, top, areas.widthPixels, height);
  context.clip();
  const shown = layout.tiers.filter((tier) => tier.top < scrollTop + height && tier.top + tier.height > scrollTop);
  for (const tier of shown) paintGround(context, state, tier);
  paintGrid(context, state);
  for (const tier of shown) {
    tier.lanes.forEach((lane, i) => {
      for (let at = firstEndingAfter(lane, scale.start); at < lane.length && lane[at].start < scale.end; at++) {
        const dragged = state.drag?.edits.has(lane[at].id);
        if (dragged) context.globalAlpha = 0.25;
        paintBar(context, state, lane[at], tier.part, barBox(state, lane[at], tier, i));
        if (dragged) context.globalAlpha = 1;
      }
    });
  }
  context.restore();
}

/** Where an instance's bar stands, edges on pixels of the screen. */
export function barBox(
  { scale, areas, scrollTop }: State,
  { start, end }: Pick<TimeLineInstance, 'start' | 'end'>,
  tier: Tier,
  lane: number,
): Box {
  const left = Math.max(-beyond, Math.round(scale.toX(start)));
  const right = Math.min(scale.width + beyond, Math.round(scale.toX(end)));
  return {
    left,
    top: areas.tiers.top + laneTop(tier, lane) - scrollTop,
    width: Math.max(leastBarPixels, right - left - (right - left >= 4 ? gapPixels : 0)),
    height: tier.laneHeight - 2,
  };
}

/** Ticks and their times below the tiers. */
export function paintAxis(context: CanvasRenderingContext2D, state: State): void {
  const { scale, palette, areas, fitter } = state;
  const { top, height } = areas.axis;
  context.fillStyle = palette.line;
  context.fillRect(0, top, areas.widthPixels, 1);
  const ticks = scale.ticks();
  const majors = ticks.filter((tick) => tick.major);
  const step = majors.length > 1 ? majors[1].seconds - majors[0].seconds : scale.span;
  const decimals = step >= 0.999 ? 0 : step >= 0.0999 ? 1 : 2;
  for (const { seconds, major } of ticks) {
    const x = Math.round(scale.toX(seconds));
    context.fillStyle = palette.ink2;
    context.globalAlpha = major ? 0.8 : 0.4;
    context.fillRect(x, top, 1, major ? 6 : 4);
    context.globalAlpha = 1;
    if (!major) continue;
    const text = timeText(seconds, decimals);
    const width = fitter.width(text);
    context.fillText(text, Math.min(Math.max(x - width / 2, 2), areas.widthPixels - width - 2), top + height / 2 + 3);
  }
}

// ---- below: internals ----

/** How far past the plot a bar is drawn: its ends lie out of view, and its outline too. */
const beyond = 20;
const leastFramePixels = 6;
/** Between bars that follow one another without a pause. */
const gapPixels = 1;

function paintGround(context: CanvasRenderingContext2D, { palette, areas, scrollTop }: State, tier: Tier): void {
  const top = areas.tiers.top + tier.top - scrollTop;
  if (tier.kind !== 'part' && tier.kind !== 'action') {
    context.fillStyle = palette.panel;
    context.fillRect(0, top, areas.widthPixels, tier.height);
  }
  context.fillStyle = palette.line;
  context.fillRect(0, top + tier.height - 1, areas.widthPixels, 1);
}

/** Lines at round times, and at every frame where frames are wide enough. */
function paintGrid(context: CanvasRenderingContext2D, { scale, grid, areas, palette }: State): void {
  const { top, height } = areas.tiers;
  context.fillStyle = palette.faintLine;
  if ((grid.frameSeconds / scale.span) * scale.width >= leastFramePixels) {
    for (let i = grid.firstAtOrAfter(scale.start); i <= grid.frameCount && grid.at(i) <= scale.end; i++) {
      context.fillRect(Math.round(scale.toX(grid.at(i))), top, 1, height);
    }
    return;
  }
  for (const { seconds, major } of scale.ticks()) {
    if (major) context.fillRect(Math.round(scale.toX(seconds)), top, 1, height);
  }
}
