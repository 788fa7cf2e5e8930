import {
  AV_CHANNEL_LAYOUT_MONO,
  AV_CHANNEL_LAYOUT_STEREO,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_SAMPLE_FMT_FLTP,
  FF_ENCODER_AAC,
} from 'node-av/constants';
import {
  avChannelLayoutDefault,
  avChannelLayoutDescribe,
  avGetSampleFmtName,
  Codec,
  CodecContext,
  FFmpegError,
  Filter,
  type FilterContext,
  FilterGraph,
  Frame,
  type Packet,
  Rational,
} from 'node-av/lib';

/**
 * Encodes decoded sound of any kind as AAC, one or two channels. Sound begins at 0: what is before is cut off, what is
 * missing there and between is silence, so that it keeps its place beside the pictures.
 */
export class AacEncoder implements Disposable {
  readonly context = new CodecContext();
  readonly #channels: 'mono' | 'stereo';
  readonly #sound = new Frame();
  #graph: FilterGraph | undefined;
  #input: FilterContext | undefined;
  #output: FilterContext | undefined;
  #key = '';
  #encodedSamples = 0;

  constructor(source: { readonly sampleRate: number; readonly channels: number }) {
    this.#channels = source.channels === 1 ? 'mono' : 'stereo';
    const { context } = this;
    context.allocContext3(Codec.findEncoderByName(FF_ENCODER_AAC));
    context.sampleRate = playedRates.find((rate) => rate === source.sampleRate) ?? 48_000;
    context.sampleFormat = AV_SAMPLE_FMT_FLTP;
    context.channelLayout = this.#channels === 'mono' ? AV_CHANNEL_LAYOUT_MONO : AV_CHANNEL_LAYOUT_STEREO;
    context.bitRate = this.#channels === 'mono' ? 80_000n : 128_000n;
    context.timeBase = new Rational(1, context.sampleRate);
    context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
    check(context.open2Sync());
    this.#sound.alloc();
  }

  /**
   * Takes sound that begins at a moment, and puts what is encoded in `packet`, again and again.
   *
   * @returns for each time that `packet` is filled, once; empty it before the next
   */
  *encode(timeSeconds: number, sound: Frame, packet: Packet): Generator<void, void, undefined> {
    const key = inputOf(sound);
    if (key !== this.#key) {
      yield* this.#drain(packet);
      this.#open(key);
    }
    sound.pts = BigInt(Math.round(timeSeconds * sound.sampleRate));
    check(this.#input!.buffersrcAddFrameSync(sound));
    yield* this.#encodeReady(packet);
  }

  /** As `encode`, for what is left. */
  *finish(packet: Packet): Generator<void, void, undefined> {
    yield* this.#drain(packet);
    check(this.context.sendFrameSync(null));
    while (this.context.receivePacketSync(packet) >= 0) yield;
  }

  [Symbol.dispose](): void {
    this.#graph?.free();
    this.#sound.free();
    this.context.freeContext();
  }

  *#drain(packet: Packet): Generator<void, void, undefined> {
    if (this.#input === undefined) return;
    check(this.#input.buffersrcAddFrameSync(null));
    yield* this.#encodeReady(packet);
  }

  *#encodeReady(packet: Packet): Generator<void, void, undefined> {
    while (this.#output!.buffersinkGetFrameSync(this.#sound) >= 0) {
      this.#encodedSamples = Number(this.#sound.pts) + this.#sound.nbSamples;
      check(this.context.sendFrameSync(this.#sound));
      this.#sound.unref();
      while (this.context.receivePacketSync(packet) >= 0) yield;
    }
  }

  #open(key: string): void {
    const { sampleRate, frameSize } = this.context;
    const graph = new FilterGraph();
    graph.alloc();
    const chain = [
      ['abuffer', key],
      ['aresample', `${sampleRate}:async=1:first_pts=${this.#encodedSamples}`],
      ['aformat', `sample_fmts=fltp:channel_layouts=${this.#channels}`],
      ['asetnsamples', `n=${frameSize}`],
      ['abuffersink', ''],
    ].map(([name, options], i) => graph.createFilter(Filter.getByName(name)!, `${i}`, options || null)!);
    for (let i = 1; i < chain.length; i++) check(chain[i - 1].link(0, chain[i], 0));
    check(graph.configSync());
    this.#graph?.free();
    this.#graph = graph;
    this.#key = key;
    this.#input = chain[0];
    this.#output = chain[chain.length - 1];
  }
}

// ---- below: internals ----

/** Rates that AAC has and every browser plays. */
const playedRates = [16_000, 22_050, 24_000, 32_000, 44_100, 48_000];

const check = (status: number) => FFmpegError.throwIfError(status);

/** Sound as the options of `abuffer`. */
function inputOf({ sampleRate, format, channelLayout, channels }: Frame): string {
  const layout = channelLayout.order === 0 ? avChannelLayoutDefault(channels) : channelLayout;
  const formatName = avGetSampleFmtName(format as Parameters<typeof avGetSampleFmtName>[0]);
  return `sample_rate=${sampleRate}:sample_fmt=${formatName}:channel_layout=${avChannelLayoutDescribe(layout)}:time_base=1/${sampleRate}`;
}
