/** Makes small files for the tests of this folder. */
import { writeFile } from 'node:fs/promises';
import { registerMediabunnyServer } from '@mediabunny/server';
import {
  ALL_FORMATS,
  type AudioCodec,
  AudioSample,
  AudioSampleSource,
  BufferTarget,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  FilePathSource,
  Input,
  MkvOutputFormat,
  MovOutputFormat,
  Mp4OutputFormat,
  Output,
  Quality,
  WebMOutputFormat,
} from 'mediabunny';

export {
  makeVideo,
  movingSquare,
  silentWave,
  squareLeft,
  steadyTimes,
  type TestVideo,
} from '../../../../microaction/test/testVideo.ts';

export interface MadeSound {
  readonly codec: AudioCodec;
  readonly seconds: number;
  /** Of the first sample, seconds from the first frame on. */
  readonly startSeconds?: number;
  readonly channels?: number;
  /** -1 to 1 at a moment of the video. */
  level(seconds: number, channel: number): number;
}

/** Copies the pictures of `path` beside sound into `to`, whose ending says the container. */
export async function addSound(path: string, to: string, sound: MadeSound): Promise<void> {
  registerMediabunnyServer({ hardwareContext: null });
  const { codec, seconds, startSeconds = 0, channels = 1, level } = sound;
  using input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });
  const track = (await input.getPrimaryVideoTrack())!;
  const target = new BufferTarget();
  const output = new Output({ format: formats[to.slice(to.lastIndexOf('.') + 1)](), target });
  const pictures = new EncodedVideoPacketSource((await track.getCodec())!);
  const samples = new AudioSampleSource({
    codec,
    ...(!codec.startsWith('pcm') && { quality: new Quality({ bitrate: 128_000 }) }),
  });
  output.addVideoTrack(pictures);
  output.addAudioTrack(samples);
  await output.start();
  const decoderConfig = (await track.getDecoderConfig())!;
  for await (const packet of new EncodedPacketSink(track).packets()) await pictures.add(packet, { decoderConfig });
  const count = Math.round(seconds * sampleRate);
  const data = Float32Array.from({ length: count * channels }, (_, i) => {
    return level(startSeconds + Math.floor(i / channels) / sampleRate, i % channels);
  });
  const made = { data, format: 'f32' as const, numberOfChannels: channels, sampleRate };
  using sample = new AudioSample({ ...made, timestamp: startSeconds });
  await samples.add(sample);
  await output.finalize();
  await writeFile(to, new Uint8Array(target.buffer!));
}

/** Copies the pictures of `path` before a moment into the MP4 `to`. */
export async function shorten(path: string, to: string, endSeconds: number): Promise<void> {
  using input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });
  const track = (await input.getPrimaryVideoTrack())!;
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat(), target });
  const pictures = new EncodedVideoPacketSource((await track.getCodec())!);
  output.addVideoTrack(pictures);
  await output.start();
  const decoderConfig = (await track.getDecoderConfig())!;
  for await (const packet of new EncodedPacketSink(track).packets()) {
    if (packet.timestamp < endSeconds) await pictures.add(packet, { decoderConfig });
  }
  await output.finalize();
  await writeFile(to, new Uint8Array(target.buffer!));
}

// ---- below: internals ----

const sampleRate = 48_000;

const formats: Readonly<Record<string, () => Mp4OutputFormat | MkvOutputFormat>> = {
  mp4: () => new Mp4OutputFormat(),
  mov: () => new MovOutputFormat(),
  mkv: () => new MkvOutputFormat(),
  webm: () => new WebMOutputFormat(),
};
