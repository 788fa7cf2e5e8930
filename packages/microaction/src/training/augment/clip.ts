/** Pictures of a video in order, all of one size, as a decoder gives them. */
export interface Pictures {
  /** Each [height, width, 3], red, green, blue. */
  readonly pictures: readonly Uint8Array[];
  readonly widthPixels: number;
  readonly heightPixels: number;
}

/** Pictures as a network takes them. */
export interface Clip {
  /** [3, frames, height, width], red, green, blue, 0 to 255. */
  readonly data: Uint8Array<ArrayBuffer>;
  readonly frames: number;
  readonly widthPixels: number;
  readonly heightPixels: number;
}

/** A clip of the same size, still black. */
export const blackClip = (like: Clip): Clip => ({ ...like, data: new Uint8Array(like.data.length) });

/** The numbers of one colour of a clip: [frames, height, width]. Shares its memory. */
export function plane({ data }: Clip, colour: 0 | 1 | 2): Uint8Array {
  const length = data.length / 3;
  return data.subarray(colour * length, (colour + 1) * length);
}

/** What each value from 0 to 255 becomes, rounded and kept within 0 and 255. */
export const tableOf = (change: (value: number) => number): Uint8Array =>
  Uint8Array.from(Uint8ClampedArray.from({ length: 256 }, (_, value) => change(value)));

/** A clip whose values are looked up: in one table for all colours, or one for each. */
export function lookedUp(clip: Clip, tables: Uint8Array | readonly Uint8Array[]): Clip {
  const result = blackClip(clip);
  for (const colour of [0, 1, 2] as const) {
    const table = tables instanceof Uint8Array ? tables : tables[colour];
    const [from, to] = [plane(clip, colour), plane(result, colour)];
    for (let i = 0; i < from.length; i++) to[i] = table[from[i]];
  }
  return result;
}
