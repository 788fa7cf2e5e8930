import { assignLanes } from './lanes.ts';
import type { Item } from './state.ts';

/** The place of one body part on the time line, in pixels from its top. */
export interface Row {
  /** Position in `PageData.bodyParts`. */
  readonly part: number;
  readonly top: number;
  readonly height: number;
  readonly laneHeight: number;
  readonly lanes: readonly Item[][];
}

/**
 * One row a body part, as high as its overlaps need. Where that is more than the room in all, the rows with
 * the most lanes get thinner ones, down to 4 pixels.
 */
export function layOutRows(items: readonly Item[], partCount: number, roomPixels: number): Row[] {
  const lanes = Array.from({ length: partCount }, (_, part) =>
    assignLanes(items.filter((item) => item.kind.part === part)),
  );
  const heightAt = (most: number, part: number) => {
    const count = Math.max(1, lanes[part].length);
    return { laneHeight: Math.max(4, Math.min(20, Math.floor(most / count))), count };
  };
  const rowHeight = (most: number, part: number) => {
    const { laneHeight, count } = heightAt(most, part);
    return count * laneHeight + 2 * rowPadding;
  };
  const total = (most: number) => lanes.reduce((sum, _, part) => sum + rowHeight(most, part), 0);
  let most = 20 * Math.max(1, ...lanes.map((row) => row.length));
  while (most > 20 && total(most) > roomPixels) most -= 4;

  let top = 0;
  return lanes.map((row, part) => {
    const placed = {
      part,
      top,
      lanes: row,
      laneHeight: heightAt(most, part).laneHeight,
      height: rowHeight(most, part),
    };
    top += placed.height;
    return placed;
  });
}

export const rowPadding = 3;
