import type { VideoSample } from 'mediabunny';
import { beforeTurning, isHighDefinition, type Orientation } from './orientation.ts';
import type { PictureLayout } from './pictureLayout.ts';
import { type Plane, resample } from './resample.ts';
import type { Region } from './video.ts';

/** Cuts, resizes, turns and converts a frame that a browser decoded: [height, width, 3]. */
export async function makePicture(
  sample: VideoSample,
  layout: PictureLayout,
  orientation: Orientation,
): Promise<Uint8Array> {
  const { widthPixels, heightPixels } = layout;
  const sideways = orientation.rotationDegrees % 180 !== 0;
  const [width, height] = sideways ? [heightPixels, widthPixels] : [widthPixels, heightPixels];
  const region = beforeTurning(layout.region, orientation);
  const { planes, toRgb } = await readPlanes(sample);
  const channels = planes.map((plane) => {
    const across = plane.acrossFrame / orientation.squarePixelSize.width;
    const down = plane.downFrame / orientation.squarePixelSize.height;
    return resample(plane, scaled(region, across, down), width, height);
  });
  toRgb(channels);
  return turn(channels, width, height, orientation);
}

// ---

/** A channel, and how many of its pixels, fractions included, make up the whole frame. */
type FramePlane = Plane & { readonly acrossFrame: number; readonly downFrame: number };

interface Channels {
  readonly planes: readonly FramePlane[];
  /** Turns resampled channels into R, G and B, 0 to 255, in place. */
  toRgb(channels: readonly Float32Array[]): void;
}

/** Chroma subsampling of the planar formats that are read as they are; the browser converts all others. */
const subsampling: Readonly<Record<string, readonly [across: number, down: number]>> = {
  I420: [2, 2],
  I420A: [2, 2],
  NV12: [2, 2],
  I422: [2, 1],
  I444: [1, 1],
};

async function readPlanes(sample: VideoSample): Promise<Channels> {
  const { width, height } = sample.visibleRect;
  const chroma = subsampling[sample.format ?? ''];
  if (chroma === undefined) {
    const options = { format: 'RGBA', colorSpace: 'srgb' } as const;
    const data = new Uint8Array(sample.allocationSize(options));
    const [{ offset, stride }] = await sample.copyTo(data, options);
    const size = { width, height, acrossFrame: width, downFrame: height };
    return {
      planes: [0, 1, 2].map((c) => ({
        ...size,
        data,
        offset: offset + c,
        pixelStride: 4,
        rowStride: stride,
        black: 0,
      })),
      toRgb: () => {},
    };
  }
  const data = new Uint8Array(sample.allocationSize());
  const layouts = await sample.copyTo(data);
  const { matrix, fullRange } = sample.colorSpace;
  const highDefinition = isHighDefinition(width, height);
  return {
    planes: [0, 1, 2].map((c): FramePlane => {
      const [across, down] = c === 0 ? [1, 1] : chroma;
      const interleaved = c > 0 && sample.format === 'NV12';
      const { offset, stride } = layouts[interleaved ? 1 : c];
      return {
        data,
        offset: interleaved ? offset + c - 1 : offset,
        pixelStride: interleaved ? 2 : 1,
        rowStride: stride,
        width: Math.ceil(width / across),
        height: Math.ceil(height / down),
        acrossFrame: width / across,
        downFrame: height / down,
        black: c > 0 ? 128 : fullRange ? 0 : 16,
      };
    }),
    toRgb: (channels) => yuvToRgb(channels, lumaOf(matrix, highDefinition), fullRange === true),
  };
}

/** Parts of red and blue in luma. */
const lumaOf = (matrix: string | null | undefined, highDefinition: boolean): readonly [red: number, blue: number] => {
  if (matrix === 'bt2020-ncl') return [0.2627, 0.0593];
  if (matrix === 'bt709' || (matrix !== 'smpte170m' && matrix !== 'bt470bg' && highDefinition)) return [0.2126, 0.0722];
  return [0.299, 0.114];
};

function yuvToRgb(
  [ys, us, vs]: readonly Float32Array[],
  [red, blue]: readonly [red: number, blue: number],
  fullRange: boolean,
): void {
  const lumaScale = fullRange ? 1 : 255 / 219;
  const chromaScale = fullRange ? 1 : 255 / 224;
  const lumaZero = fullRange ? 0 : 16;
  const toRed = 2 * (1 - red) * chromaScale;
  const toBlue = 2 * (1 - blue) * chromaScale;
  const green = 1 - red - blue;
  for (let i = 0; i < ys.length; i++) {
    const luma = (ys[i] - lumaZero) * lumaScale;
    const r = toRed * (vs[i] - 128);
    const b = toBlue * (us[i] - 128);
    ys[i] = luma + r;
    us[i] = luma - (red * r + blue * b) / green;
    vs[i] = luma + b;
  }
}

/** [height, width] of three channels, mirrored and turned, as bytes side by side. */
function turn(channels: readonly Float32Array[], width: number, height: number, orientation: Orientation): Uint8Array {
  const { flipped, rotationDegrees } = orientation;
  const picture = new Uint8ClampedArray(width * height * 3);
  // Where (0, 0) goes, and how far a step across and a step down lead.
  const steps = {
    0: [0, 1, width],
    90: [height - 1, height, -1],
    180: [width * height - 1, -1, -width],
    270: [(width - 1) * height, -height, 1],
  } as const;
  let [origin, across, down]: readonly number[] = steps[rotationDegrees];
  if (flipped) {
    origin += (width - 1) * across;
    across = -across;
  }
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0, to = origin + y * down; x < width; x++, to += across, from++) {
      picture[3 * to] = channels[0][from];
      picture[3 * to + 1] = channels[1][from];
      picture[3 * to + 2] = channels[2][from];
    }
  }
  return new Uint8Array(picture.buffer);
}

const scaled = ({ x, y, width, height }: Region, across: number, down: number): Region => ({
  x: x * across,
  y: y * down,
  width: width * across,
  height: height * down,
});
