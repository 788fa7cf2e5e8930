import type { Frame, Region } from '../video/video.ts';

/** How a network wants its picture: square, values `byte * scale + shift`. */
export interface InputFormat {
  readonly sizePixels: number;
  readonly scale: number;
  readonly shift: number;
}

/**
 * Cuts a square out of a frame for a network: bilinear, [3, size, size], black where the square reaches past
 * the picture.
 *
 * @param square - in pixels of the displayed video frame, like `frame.region`
 */
export function cropSquare(frame: Frame, square: Region, format: InputFormat): Float32Array {
  const { sizePixels, scale, shift } = format;
  const { data, region, widthPixels, heightPixels } = frame;
  const columns = taps(square.x, square.width, sizePixels, region.x, region.width, widthPixels);
  const rows = taps(square.y, square.height, sizePixels, region.y, region.height, heightPixels);
  const area = sizePixels * sizePixels;
  const target = new Float32Array(3 * area).fill(shift);
  for (let row = 0; row < sizePixels; row++) {
    if (rows.first[row] < 0) continue;
    const above = rows.first[row] * widthPixels;
    const below = rows.second[row] * widthPixels;
    const down = rows.weight[row];
    let to = row * sizePixels;
    for (let column = 0; column < sizePixels; column++, to++) {
      const left = columns.first[column];
      if (left < 0) continue;
      const right = columns.second[column];
      const across = columns.weight[column];
      const a = (1 - down) * (1 - across) * scale;
      const b = (1 - down) * across * scale;
      const c = down * (1 - across) * scale;
      const d = down * across * scale;
      const i = (above + left) * 3;
      const j = (above + right) * 3;
      const k = (below + left) * 3;
      const l = (below + right) * 3;
      target[to] = data[i] * a + data[j] * b + data[k] * c + data[l] * d + shift;
      target[to + area] = data[i + 1] * a + data[j + 1] * b + data[k + 1] * c + data[l + 1] * d + shift;
      target[to + 2 * area] = data[i + 2] * a + data[j + 2] * b + data[k + 2] * c + data[l + 2] * d + shift;
    }
  }
  return target;
}

/** For each cell of the crop along one axis: the two source pixels and the second's weight; -1 outside. */
function taps(start: number, extent: number, cells: number, regionStart: number, regionExtent: number, pixels: number) {
  const first = new Int32Array(cells);
  const second = new Int32Array(cells);
  const weight = new Float32Array(cells);
  for (let cell = 0; cell < cells; cell++) {
    const at = ((start + ((cell + 0.5) * extent) / cells - regionStart) * pixels) / regionExtent;
    if (at < 0 || at >= pixels) {
      first[cell] = -1;
      continue;
    }
    const position = Math.min(Math.max(at - 0.5, 0), pixels - 1);
    first[cell] = Math.floor(position);
    second[cell] = Math.min(first[cell] + 1, pixels - 1);
    weight[cell] = position - first[cell];
  }
  return { first, second, weight };
}
