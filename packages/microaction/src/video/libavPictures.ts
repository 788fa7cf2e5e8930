import {
  AV_BUFFERSRC_FLAG_KEEP_REF,
  AVCOL_RANGE_MPEG,
  AVCOL_RANGE_UNSPECIFIED,
  AVCOL_SPC_BT709,
  AVCOL_SPC_SMPTE170M,
  AVCOL_SPC_UNSPECIFIED,
  FF_THREAD_FRAME,
  FF_THREAD_SLICE,
} from 'node-av/constants';
import {
  Codec,
  CodecContext,
  FFmpegError,
  Filter,
  type FilterContext,
  FilterGraph,
  Frame,
  type Stream,
} from 'node-av/lib';
import { beforeTurning, isHighDefinition, type Orientation } from './orientation.ts';
import { insideFrame, type PictureLayout } from './pictureLayout.ts';

/** A decoder, set to the start of a stream. */
export async function openDecoder(stream: Stream, threads: number): Promise<CodecContext> {
  const decoder = new CodecContext();
  const codec = Codec.findDecoder(stream.codecpar.codecId);
  decoder.allocContext3(codec);
  decoder.parametersToContext(stream.codecpar);
  decoder.pktTimebase = stream.timeBase;
  decoder.threadCount = threads;
  decoder.threadType = (FF_THREAD_FRAME | FF_THREAD_SLICE) as typeof FF_THREAD_FRAME;
  const status = await decoder.open2(codec, null);
  if (status < 0) {
    decoder.freeContext();
    FFmpegError.throwIfError(status);
  }
  return decoder;
}

/** What pixels pictures are made of, in the words of libavfilter. */
export interface PixelKind {
  /** Of the filter `format`. */
  readonly format: string;
  /** Of the filter `scale`. */
  readonly scaling: string;
}

/** Area averaging where it shrinks, bilinear where it enlarges; chroma as fine as luma. */
export const rgbPixels: PixelKind = { format: 'rgb24', scaling: 'flags=area+full_chroma_int:sws_dither=none' };

/**
 * Cuts, resizes, turns and converts decoded frames by libavfilter, so that only small pictures reach JavaScript.
 * Frames may change size, format or colour space half-way.
 */
export class PictureMaker implements Disposable {
  #graph: FilterGraph | undefined;
  #input: FilterContext | undefined;
  #output: FilterContext | undefined;
  #key = '';
  readonly #picture = new Frame();
  readonly #layout: PictureLayout;
  readonly #orientation: Orientation;
  readonly #pixels: PixelKind;

  constructor(layout: PictureLayout, orientation: Orientation, pixels = rgbPixels) {
    this.#layout = layout;
    this.#orientation = orientation;
    this.#pixels = pixels;
    this.#picture.alloc();
  }

  /** The bytes of a picture, without gaps: [height, width, 3] of RGB. */
  async make(frame: Frame): Promise<Uint8Array> {
    const picture = await this.convert(frame);
    if (picture === undefined) return new Uint8Array(this.#layout.widthPixels * this.#layout.heightPixels * 3);
    const { buffer, byteOffset, length } = picture.toBuffer();
    return new Uint8Array(buffer, byteOffset, length);
  }

  /** The picture where libav has it: good until the next, and to be copied. Undefined where it is all black. */
  async convert(frame: Frame): Promise<Frame | undefined> {
    stateColours(frame);
    const key = `video_size=${frame.width}x${frame.height}:pix_fmt=${frame.format}:colorspace=${frame.colorSpace}:range=${frame.colorRange}`;
    if (key !== this.#key) await this.#configure(key, frame);
    if (this.#input === undefined || this.#output === undefined) return undefined;
    FFmpegError.throwIfError(await this.#input.buffersrcAddFrame(frame, AV_BUFFERSRC_FLAG_KEEP_REF));
    this.#picture.unref();
    FFmpegError.throwIfError(await this.#output.buffersinkGetFrame(this.#picture));
    return this.#picture;
  }

  [Symbol.dispose](): void {
    this.#graph?.free();
    this.#picture.free();
  }

  async #configure(key: string, frame: Frame): Promise<void> {
    this.#key = key;
    this.#graph?.free();
    this.#graph = this.#input = this.#output = undefined;
    const filters = pictureFilters(this.#layout, this.#orientation, this.#pixels, frame);
    if (filters === undefined) return;
    const graph = (this.#graph = new FilterGraph());
    graph.alloc();
    graph.nbThreads = 1;
    const chain = [['buffer', `${key}:time_base=1/1000000:pixel_aspect=1/1`], ...filters, ['buffersink', '']].map(
      ([name, options], i) => graph.createFilter(Filter.getByName(name)!, `${i}`, options || null)!,
    );
    for (let i = 1; i < chain.length; i++) FFmpegError.throwIfError(chain[i - 1].link(0, chain[i], 0));
    FFmpegError.throwIfError(await graph.config());
    this.#input = chain[0];
    this.#output = chain[chain.length - 1];
  }
}

// ---

/** The chain from a decoded frame to a picture, each [name, options]; undefined where the picture is all black. */
function pictureFilters(layout: PictureLayout, orientation: Orientation, pixels: PixelKind, frame: Frame) {
  const { width, height } = frame;
  const { format, scaling } = pixels;
  const { squarePixelSize: square, flipped, rotationDegrees } = orientation;
  const sideways = rotationDegrees % 180 !== 0;
  const region = beforeTurning(layout.region, orientation);
  const [outWidth, outHeight] = sideways
    ? [layout.heightPixels, layout.widthPixels]
    : [layout.widthPixels, layout.heightPixels];
  const inside = insideFrame(region, square.width, square.height);
  if (inside === undefined) return undefined;

  const chain: [name: string, options: string][] = [];
  const whole = inside.width === square.width && inside.height === square.height;
  const beyond = inside.width !== region.width || inside.height !== region.height;
  if ((square.width !== width || square.height !== height) && (!whole || beyond)) {
    chain.push(['scale', `${square.width}:${square.height}:${scaling}`]);
  }
  if (!whole) chain.push(['crop', `${inside.width}:${inside.height}:${inside.x}:${inside.y}:exact=1`]);
  if (beyond) {
    // Only without chroma subsampling can the frame be padded by any number of pixels.
    chain.push(['scale', scaling], ['format', 'yuv444p|yuv444p10|yuv444p12|yuv444p16|gbrp|gbrp10|gbrp12|gbrp16']);
    chain.push(['pad', `${region.width}:${region.height}:${inside.x - region.x}:${inside.y - region.y}:black`]);
  }
  chain.push(['scale', `${outWidth}:${outHeight}:${scaling}`], ['format', format]);
  if (flipped) chain.push(['hflip', '']);
  if (rotationDegrees === 90) chain.push(['transpose', 'clock']);
  if (rotationDegrees === 180) chain.push(['hflip', ''], ['vflip', '']);
  if (rotationDegrees === 270) chain.push(['transpose', 'cclock']);
  return chain;
}

/** Where a stream does not name its matrix or range, what players take: BT.709 above standard definition, limited. */
function stateColours(frame: Frame): void {
  if (frame.colorSpace === AVCOL_SPC_UNSPECIFIED) {
    frame.colorSpace = isHighDefinition(frame.width, frame.height) ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
  }
  if (frame.colorRange === AVCOL_RANGE_UNSPECIFIED) frame.colorRange = AVCOL_RANGE_MPEG;
}
