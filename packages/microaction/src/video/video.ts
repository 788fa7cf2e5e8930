/** What a container says of its video, after rotation has been applied. */
export interface VideoInfo {
  readonly durationSeconds: number;
  /** Mean frames per second. */
  readonly frameRate: number;
  /** Whether the time between frames varies. */
  readonly variableFrameRate: boolean;
  readonly frameCount: number;
  readonly widthPixels: number;
  readonly heightPixels: number;
  /** Clockwise, as the metadata says; frames come already turned. */
  readonly rotationDegrees: 0 | 90 | 180 | 270;
  readonly codec: string;
  readonly hasAudio: boolean;
}

/** A rectangle in pixels of the displayed frame. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One decoded picture. */
export interface Frame {
  /** Position in the video's own sequence of frames, from 0. */
  readonly index: number;
  /** True presentation time; the first frame that a player shows is at 0. */
  readonly timeSeconds: number;
  readonly widthPixels: number;
  readonly heightPixels: number;
  /** RGB, 8 bits, row by row: [height, width, 3]. Valid until the next frame is asked for. */
  readonly data: Uint8Array;
  /** The part of the displayed frame that the picture shows, in whole pixels. May reach past its edges: black there. */
  readonly region: Region;
}

export interface FrameOptions {
  /** First and last moment wanted; the whole video when absent. Half open. */
  readonly startSeconds?: number;
  readonly endSeconds?: number;
  /**
   * Samples per second: the frame shown at each of the moments start + i / rate. A frame shown at several of them
   * comes as often, with the same index and time. Every frame when absent.
   */
  readonly sampleRate?: number;
  /** Every so many frames one, those whose index it divides; every frame when absent. Not beside `sampleRate`. */
  readonly strideFrames?: number;
  /** The part of the displayed frame to keep; all of it when absent. Its edges are rounded to whole pixels. */
  readonly region?: Region;
  /**
   * Size of the pictures; absent: the region's own. One side alone keeps the aspect ratio. Shrinking averages over
   * the area that each pixel covers, enlarging interpolates bilinearly, each direction by itself.
   */
  readonly widthPixels?: number;
  readonly heightPixels?: number;
  /** Longer side of the pictures, keeping the aspect ratio; never enlarges. */
  readonly longSidePixels?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { doneSeconds: number; totalSeconds: number }) => void;
}

/** How one picture is to be made. */
export type PictureOptions = Pick<
  FrameOptions,
  'region' | 'widthPixels' | 'heightPixels' | 'longSidePixels' | 'signal'
>;

/** An open video. The same in Node and in a browser. */
export interface Video extends AsyncDisposable {
  readonly info: VideoInfo;
  /** What is wrong with the file although it can be used, each one line: the end is missing, for instance. */
  readonly warnings: readonly string[];
  /** Frames in order of time; holds a bounded number of them in memory. Leaving the loop frees everything. */
  frames(options?: FrameOptions): AsyncIterable<Frame>;
  /** The frame on display at a moment from 0; the last frame for any moment after it. */
  frameAt(timeSeconds: number, options?: PictureOptions): Promise<Frame>;
  /** The frame at a position in the video's own sequence, from 0. */
  frameAtIndex(index: number, options?: PictureOptions): Promise<Frame>;
  close(): Promise<void>;
}
