import { UsageError } from '../errors.ts';
import type { FrameOptions, Region } from './video.ts';

/** Which part of the displayed frame becomes a picture of which size. */
export interface PictureLayout {
  /** In whole pixels of the displayed frame; may reach past its edges. */
  readonly region: Region;
  readonly widthPixels: number;
  readonly heightPixels: number;
}

type Size = { readonly widthPixels: number; readonly heightPixels: number };
type LayoutOptions = Pick<FrameOptions, 'region' | 'widthPixels' | 'heightPixels' | 'longSidePixels'>;

/** Settles region and size of the pictures; throws a UsageError for what cannot be. */
export function pictureLayout(frame: Size, options: LayoutOptions): PictureLayout {
  const region = wholePixels(options.region ?? { x: 0, y: 0, width: frame.widthPixels, height: frame.heightPixels });
  return { region, ...pictureSize(region, options) };
}

/** The part of a region that lies on the frame, or undefined where none does. */
export function insideFrame(region: Region, frameWidth: number, frameHeight: number): Region | undefined {
  const left = Math.max(0, region.x);
  const top = Math.max(0, region.y);
  const right = Math.min(frameWidth, region.x + region.width);
  const bottom = Math.min(frameHeight, region.y + region.height);
  return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : undefined;
}

// ---

function wholePixels({ x, y, width, height }: Region): Region {
  if (!(Number.isFinite(x) && Number.isFinite(y) && width > 0 && height > 0 && width + height < 2 ** 16)) {
    throw new UsageError(
      `region: expected finite x and y, and width and height above 0, got x ${x}, y ${y}, width ${width}, height ${height}`,
    );
  }
  const left = Math.round(x);
  const top = Math.round(y);
  return {
    x: left,
    y: top,
    width: Math.max(1, Math.round(x + width) - left),
    height: Math.max(1, Math.round(y + height) - top),
  };
}

function pictureSize(region: Region, { widthPixels, heightPixels, longSidePixels }: LayoutOptions): Size {
  for (const [name, value] of Object.entries({ widthPixels, heightPixels, longSidePixels })) {
    if (value !== undefined && !(Number.isInteger(value) && value > 0 && value < 2 ** 15)) {
      throw new UsageError(`${name}: expected a whole number from 1 to 32767, got ${value}`);
    }
  }
  if (longSidePixels !== undefined && (widthPixels !== undefined || heightPixels !== undefined)) {
    throw new UsageError('longSidePixels cannot be combined with widthPixels or heightPixels: give one or the other');
  }
  if (widthPixels !== undefined && heightPixels !== undefined) return { widthPixels, heightPixels };
  const scale =
    longSidePixels !== undefined
      ? Math.min(1, longSidePixels / Math.max(region.width, region.height))
      : widthPixels !== undefined
        ? widthPixels / region.width
        : heightPixels !== undefined
          ? heightPixels / region.height
          : 1;
  return {
    widthPixels: Math.max(1, Math.round(region.width * scale)),
    heightPixels: Math.max(1, Math.round(region.height * scale)),
  };
}
