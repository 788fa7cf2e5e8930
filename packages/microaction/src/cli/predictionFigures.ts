import type { Instance } from '../annotation/dataset.ts';
import { UsageError } from '../errors.ts';
import type { DetectionTable, PredictionTable } from '../evaluation/detection/index.ts';
import type { Figure } from '../report/plots/figure.ts';
import type { VideoFrame } from '../report/plots/predictionsFigure.ts';
import type { Taxonomy } from '../taxonomy/taxonomy.ts';
import type { Video } from '../video/video.ts';

export interface PredictionFigureOptions {
  /** Ids of the videos to draw. */
  readonly draw: readonly string[];
  /** How many predictions of each, the best ones. */
  readonly top?: number;
  /** Folder of the videos, whose pictures then stand along the top. */
  readonly videos?: string;
  readonly signal: AbortSignal;
}

/**
 * For each video a figure of its truth and its best predictions on a time line.
 *
 * @throws UsageError for an id that neither truth nor predictions have
 */
export async function predictionFigures(
  truth: DetectionTable,
  predictions: PredictionTable,
  taxonomy: Taxonomy,
  { draw, top, videos, signal }: PredictionFigureOptions,
): Promise<Figure[]> {
  const [{ predictionsFigure }, { videoFiles }] = await Promise.all([
    import('../report/plots/predictionsFigure.ts'),
    import('../files/measureVideos.ts'),
  ]);
  const files = videos === undefined ? undefined : await videoFiles(videos);
  const figures: Figure[] = [];
  for (const id of draw) {
    const place = truth.videos.indexOf(id);
    if (place < 0 && !predictions.videos.includes(id)) {
      throw new UsageError(`There is no video "${id}"; there are ${truth.videos.slice(0, 5).join(', ')} ...`);
    }
    const file = files?.get(id);
    const frames = file === undefined ? undefined : await picturesOf(file, signal);
    const video = {
      title: id,
      durationSeconds: place >= 0 && truth.durations[place] > 0 ? truth.durations[place] : undefined,
      truth: instancesOf(truth, id, taxonomy),
      predictions: instancesOf(predictions, id, taxonomy),
    };
    const figure = predictionsFigure(video, taxonomy, { top, frames });
    figures.push({ ...figure, name: `predictions-${id.replace(/[^\w.()-]/g, '_')}` });
  }
  return figures;
}

// ---- below: internals ----

/** Of the actions that the taxonomy knows. */
function instancesOf(table: DetectionTable | PredictionTable, id: string, taxonomy: Taxonomy): Instance[] {
  const video = table.videos.indexOf(id);
  const instances: Instance[] = [];
  table.video.forEach((one, row) => {
    const action = taxonomy.find(table.labels[table.label[row]]);
    if (one !== video || !action) return;
    const score = 'score' in table ? { score: table.score[row] } : {};
    instances.push({ action: action.name, start: table.start[row], end: table.end[row], ...score });
  });
  return instances.sort((a, b) => a.start - b.start);
}

const pictureCount = 8;

async function picturesOf(file: string, signal: AbortSignal): Promise<VideoFrame[]> {
  const [{ openVideo }, { default: sharp }] = await Promise.all([import('../video/node.ts'), import('sharp')]);
  await using video: Video = await openVideo(file, { signal });
  const { durationSeconds } = video.info;
  const frames: VideoFrame[] = [];
  for (let i = 0; i < pictureCount; i++) {
    const at = ((i + 0.5) / pictureCount) * durationSeconds;
    const { data, widthPixels, heightPixels, timeSeconds } = await video.frameAt(at, { longSidePixels: 240, signal });
    const raw = { width: widthPixels, height: heightPixels, channels: 3 } as const;
    const jpeg = await sharp(data, { raw }).jpeg({ quality: 80 }).toBuffer();
    const dataUrl = `data:image/jpeg;base64,${jpeg.toString('base64')}`;
    frames.push({ seconds: timeSeconds, dataUrl, widthPixels, heightPixels });
  }
  return frames;
}
