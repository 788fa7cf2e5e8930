import type { PacketIndex } from './libavContainer.ts';

/** Finds the place of packets and decoded frames in a video's sequence of frames. */
export class FramePositions {
  readonly #index: PacketIndex;
  #offsetTicks: number | undefined;
  #previous = -1;

  constructor(index: PacketIndex) {
    this.#index = index;
  }

  /** Of a packet, where packets carry display times; undefined for packets that show nothing. */
  ofPacket(ptsTicks: number): number | undefined {
    const { shownTicks } = this.#index;
    const at = nearest(shownTicks, ptsTicks);
    return shownTicks[at] === ptsTicks ? at : undefined;
  }

  /** Of the next decoded frame; undefined for one that is not shown. */
  ofFrame(timestampTicks: number | undefined): number | undefined {
    const at = this.#locate(timestampTicks);
    if (at === undefined || at >= this.#index.shownTicks.length) return undefined;
    this.#previous = at;
    return at;
  }

  #locate(timestampTicks: number | undefined): number | undefined {
    const { shownTicks, orderOnly, lastFrameTicks } = this.#index;
    if (timestampTicks === undefined) return this.#previous + 1;
    if (orderOnly) {
      // Decoding times, late by a constant number of frames.
      this.#offsetTicks ??= timestampTicks - shownTicks[0];
      return Math.max(this.#previous + 1, nearest(shownTicks, timestampTicks - this.#offsetTicks));
    }
    const at = nearest(shownTicks, timestampTicks);
    return Math.abs(shownTicks[at] - timestampTicks) < lastFrameTicks / 2 ? at : undefined;
  }
}

// ---

function nearest(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low > 0 && value - sorted[low - 1] < sorted[low] - value ? low - 1 : low;
}
