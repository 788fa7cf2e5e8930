import type { Region } from '../video/video.ts';
import type { BodyPoints } from './bodyPoints.ts';
import type { InputFormat } from './squareCrop.ts';

export const moveNetInput: InputFormat = { sizePixels: 256, scale: 2 / 255, shift: -1 };

const pointCount = 17;
const grid = 64;
const cells = grid * grid;

/**
 * The 17 points (`cocoPoints`) of the person nearest the middle of a square, from MoveNet's maps:
 * `heat` [17, 64, 64] is where each point could be, `center` [1, 64, 64] where persons are, `regression`
 * [17 * 2, 64, 64] says from a person's centre roughly where the points are, `offset` [17 * 2, 64, 64] leads
 * from a cell to the exact place. Pairs are y, x.
 *
 * The original takes the exact place from the best cell alone; here it is the mean of what the cells about it say,
 * by their heat, which takes a tenth to a half of the jitter away.
 *
 * @param index - which picture of the batch
 */
export function decodeMoveNet(outputs: Record<string, Float32Array>, square: Region, index = 0): BodyPoints {
  const { heat, center, regression, offset } = outputs;
  const middle = argMax(index * cells, (cell, row, column) => center[cell] / (distance(row, column, 32, 32) + 1.8));
  const middleRow = Math.floor(middle / grid);
  const middleColumn = middle % grid;

  const points = {
    x: new Float32Array(pointCount),
    y: new Float32Array(pointCount),
    confidence: new Float32Array(pointCount),
  };
  for (let point = 0; point < pointCount; point++) {
    const map = (index * pointCount + point) * cells;
    const pair = 2 * map;
    const roughRow = middleRow + regression[pair + middle];
    const roughColumn = middleColumn + regression[pair + cells + middle];
    const best = argMax(map, (cell, row, column) => heat[cell] / (distance(row, column, roughRow, roughColumn) + 1.8));
    const { row, column } = refine(best, map, heat, offset);
    points.x[point] = square.x + (column / grid) * square.width;
    points.y[point] = square.y + (row / grid) * square.height;
    points.confidence[point] = heat[map + best];
  }
  return points;
}

/** The cell of a map with the highest value; `start` is where the map begins. */
function argMax(start: number, value: (cell: number, row: number, column: number) => number): number {
  let best = 0;
  let highest = -Infinity;
  for (let row = 0, cell = 0; row < grid; row++) {
    for (let column = 0; column < grid; column++, cell++) {
      const current = value(start + cell, row, column);
      if (current > highest) {
        highest = current;
        best = cell;
      }
    }
  }
  return best;
}

/** Where the best cell and its eight neighbours say that the point is, by their heat. */
function refine(best: number, map: number, heat: Float32Array, offset: Float32Array) {
  const bestRow = Math.floor(best / grid);
  const bestColumn = best % grid;
  const sum = { heat: 0, row: 0, column: 0 };
  for (let row = Math.max(0, bestRow - 1); row <= Math.min(grid - 1, bestRow + 1); row++) {
    for (let column = Math.max(0, bestColumn - 1); column <= Math.min(grid - 1, bestColumn + 1); column++) {
      const cell = row * grid + column;
      const weight = heat[map + cell] + Number.MIN_VALUE;
      sum.heat += weight;
      sum.row += weight * (row + offset[2 * map + cell]);
      sum.column += weight * (column + offset[2 * map + cells + cell]);
    }
  }
  return { row: sum.row / sum.heat, column: sum.column / sum.heat };
}

function distance(row: number, column: number, toRow: number, toColumn: number): number {
  return Math.sqrt((row - toRow) ** 2 + (column - toColumn) ** 2);
}
