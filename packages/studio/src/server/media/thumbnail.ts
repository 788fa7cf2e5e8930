import { PictureMaker, pictureLayout } from 'microaction/video';
import type { Frame } from 'node-av/lib';
import sharp from 'sharp';
import type { KnownVideo } from './readVideo.ts';

const longSidePixels = 480;
/** Mean grey level, 0 to 255, below which a picture shows next to nothing. */
const almostBlack = 20;

/** How welcome a picture is; the first of the best is taken. */
const ranks = { none: 0, black: 1, early: 2, good: 3 } as const;

/** Takes the first picture from a tenth of a video on that is not almost black. */
export class ThumbnailTaker implements Disposable {
  readonly #maker: PictureMaker;
  readonly #size: { readonly width: number; readonly height: number };
  readonly #fromSeconds: number;
  #picture: Uint8Array | undefined;
  #rank: number = ranks.none;

  constructor({ info, orientation }: KnownVideo) {
    const layout = pictureLayout(info, { longSidePixels });
    this.#maker = new PictureMaker(layout, orientation);
    this.#size = { width: layout.widthPixels, height: layout.heightPixels };
    this.#fromSeconds = 0.1 * info.durationSeconds;
  }

  /** @param grey - the same picture in grey levels, as small as may be */
  async offer(timeSeconds: number, frame: Frame, grey: Uint8Array): Promise<void> {
    const isBlack = grey.reduce((sum, level) => sum + level, 0) < almostBlack * grey.length;
    const rank = isBlack ? ranks.black : timeSeconds < this.#fromSeconds ? ranks.early : ranks.good;
    if (rank <= this.#rank) return;
    this.#rank = rank;
    this.#picture = await this.#maker.make(frame);
  }

  /** The picture as WebP; undefined where none was offered. */
  async finish(): Promise<Uint8Array | undefined> {
    if (this.#picture === undefined) return undefined;
    return sharp(this.#picture, { raw: { ...this.#size, channels: 3 } })
      .webp({ quality: 75 })
      .toBuffer();
  }

  [Symbol.dispose](): void {
    this.#maker[Symbol.dispose]();
  }
}
