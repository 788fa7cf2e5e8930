import type { VideoFacts } from '../../contract/video.ts';
import type { DetectedInstances } from '../media/detect.ts';
import type { PreparedVideo } from '../media/preparedFiles.ts';

// What the studio and its working processes say to each other.

/** Work on one video file. Paths are absolute; `name` is what messages call the file. */
export type Task =
  | { readonly kind: 'look'; readonly path: string; readonly name: string }
  | { readonly kind: 'prepare'; readonly path: string; readonly name: string; readonly folder: string }
  | { readonly kind: 'proxy'; readonly path: string; readonly name: string; readonly output: string }
  | {
      readonly kind: 'detect';
      readonly path: string;
      readonly name: string;
      /** As `loadDetector` takes it. */
      readonly model: string;
      /** Where key points are to be written. */
      readonly pointsFile: string;
    };

export type TaskOf<Kind extends Task['kind']> = Extract<Task, { kind: Kind }>;

/** What comes of each kind of work. */
export interface TaskResults {
  look: VideoFacts;
  prepare: PreparedVideo;
  proxy: null;
  detect: Omit<DetectedInstances, 'pose'> & { readonly hasPoints: boolean };
}

export type TaskReport =
  /** Seconds of video done and in all, in this stage. */
  | { readonly type: 'progress'; readonly stage: string; readonly done: number; readonly total: number }
  /** Known early in `prepare`, so that the video can be played at once. */
  | { readonly type: 'facts'; readonly facts: VideoFacts }
  | { readonly type: 'done'; readonly result: TaskResults[Task['kind']] }
  /** `code` is null for what is no fault of the file or the machine. */
  | { readonly type: 'failed'; readonly code: string | null; readonly message: string };
