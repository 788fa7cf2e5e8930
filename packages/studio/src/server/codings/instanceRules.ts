import { microActions52, Taxonomy, type TaxonomyData } from 'microaction';
import type { VideoFacts } from '../../contract/video.ts';
import type { VideoScope } from '../accounts/access.ts';
import { Refusal } from '../http/refusal.ts';

interface Spanning {
  readonly action: string;
  readonly start: number;
  readonly end: number;
}

/**
 * What an instance in a video must keep to: an action of the project's coding scheme, a start before its end, and an end
 * at most one frame after the video's. As long as nobody knows how long the video is, any end will do.
 */
export class InstanceRules {
  readonly #taxonomy: Taxonomy;
  readonly #video: VideoScope['video'];
  readonly #facts: VideoFacts | null;

  constructor({ project, video }: Pick<VideoScope, 'project' | 'video'>) {
    this.#taxonomy = taxonomyOf(project.taxonomy);
    this.#video = video;
    this.#facts = video.facts === null ? null : (JSON.parse(video.facts) as VideoFacts);
  }

  /**
   * The instance with the canonical name of its action.
   *
   * @throws Refusal 422 `unknown-action`
   */
  named<Instance extends Spanning>(instance: Instance): Instance {
    const action = this.#taxonomy.find(instance.action);
    if (action) return { ...instance, action: action.name };
    const message = `There is no action "${instance.action}" in the coding scheme ${this.#taxonomy.name} of this project. Nothing was saved: use a name from the scheme.`;
    throw new Refusal(422, 'unknown-action', message);
  }

  /** @throws Refusal 422 `bad-times` or `outside-video` */
  requireTimes({ action, start, end }: Spanning): void {
    if (!(start < end)) {
      const message = `${action} starts at ${start} s and ends at ${end} s; the start must come before the end. Nothing was saved.`;
      throw new Refusal(422, 'bad-times', message);
    }
    if (!this.#facts) return;
    const { durationSeconds, frameRate } = this.#facts;
    if (end <= durationSeconds + 1 / (frameRate || 1)) return;
    const message = `${action} ends at ${end} s, but ${this.#video.name} is only ${durationSeconds} s long. Nothing was saved: times are seconds from the start of the video.`;
    throw new Refusal(422, 'outside-video', message);
  }
}

// ---- below: internals ----

const known = new Map<string, Taxonomy>();

function taxonomyOf(json: string | null): Taxonomy {
  if (json === null) return microActions52;
  const taxonomy = known.get(json) ?? new Taxonomy(JSON.parse(json) as TaxonomyData);
  known.set(json, taxonomy);
  return taxonomy;
}
