import { access } from 'node:fs/promises';
import { registerMediabunnyServer } from '@mediabunny/server';
import {
  ALL_FORMATS,
  BufferTarget,
  Conversion,
  FilePathSource,
  Input,
  Mp4OutputFormat,
  Output,
  Quality,
} from 'mediabunny';
import { AV_LOG_QUIET } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { messageOf, UserError } from '../errors.ts';
import { fileError } from './fileError.ts';
import { writeAtomically } from './writeAtomically.ts';

/**
 * Writes a part of a video as an MP4 of its own, frame-exact: pictures are encoded anew as H.264 with little loss,
 * sound as AAC. The part is held in memory, so it should not be longer than some minutes.
 *
 * @param span - seconds from the start of the video, half open
 * @throws UserError `cannot-cut`, and what `writeAtomically` throws; the signal's reason
 */
export async function cutVideo(
  source: string,
  span: { readonly start: number; readonly end: number },
  path: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  const { signal } = options;
  await access(source).catch((error) => {
    throw fileError(error, source, 'read');
  });
  Log.setLevel(AV_LOG_QUIET);
  registerMediabunnyServer({ hardwareContext: null }); // looking for hardware prints what it does not find
  const target = new BufferTarget();
  using input = new Input({ source: new FilePathSource(source), formats: ALL_FORMATS });
  try {
    signal?.throwIfAborted();
    if (!(await input.canRead().catch(() => false)))
      throw new Error('its container is none of MP4, MOV, MKV, WebM, TS ...');
    const conversion = await Conversion.init({
      input,
      output: new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target }),
      tracks: 'primary',
      trim: { start: span.start, end: span.end },
      video: {
        codec: 'avc',
        forceTranscode: true,
        hardwareAcceleration: 'prefer-software',
        quality: new Quality({ quantizer: 18 }),
      },
      audio: { codec: 'aac' },
      showWarnings: false,
    });
    if (!conversion.utilizedTracks.some((track) => track.isVideoTrack()))
      throw new Error('its pictures cannot be decoded');
    const cancel = () => void conversion.cancel();
    signal?.addEventListener('abort', cancel);
    await conversion.execute().finally(() => signal?.removeEventListener('abort', cancel));
  } catch (error) {
    signal?.throwIfAborted();
    const advice = 'make an MP4 of it with another program first';
    throw new UserError('cannot-cut', `${source}: cannot be cut: ${messageOf(error)}; ${advice}`, { cause: error });
  }
  await writeAtomically(path, new Uint8Array(target.buffer!), { signal });
}
