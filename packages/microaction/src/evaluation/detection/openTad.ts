import { isSameSubset } from '../../annotation/dataset/subsets.ts';
import { UserError } from '../../errors.ts';
import { shown } from '../../problems.ts';
import {
  type DetectionTable,
  type PredictionOptions,
  type PredictionTable,
  TableBuilder,
  type TruthOptions,
} from './detectionTable.ts';
import { JsonScanner } from './jsonScanner.ts';

/**
 * The truth in an ActivityNet/OpenTAD document, `{ database: { VIDEO: { subset, duration, annotations } } }`, with
 * labels and order as they are in it: nothing is mapped, mended or sorted.
 *
 * @param json - UTF-8 bytes or text
 * @throws UserError `bad-annotations` with all that is wrong
 */
export function truthOfOpenTad(json: Uint8Array | string, source: string, options: TruthOptions = {}): DetectionTable {
  const builder = new TableBuilder(source, 'truth');
  const reader = new Reader(json, source, builder, false);
  reader.eachVideo('database', (id) => reader.entry(id, options));
  return builder.finish();
}

/**
 * The predictions in an OpenTAD document, `{ results: { VIDEO: [{ label, segment: [start, end], score }] } }`, in the
 * order of the document: what ranks equal scores.
 *
 * @param json - UTF-8 bytes or text
 * @throws UserError `bad-annotations` with all that is wrong: what is no finite number is never scored
 */
export function predictionsOfOpenTad(
  json: Uint8Array | string,
  source: string,
  options: PredictionOptions = {},
): PredictionTable {
  const builder = new TableBuilder(source, 'predictions', options.strict);
  const reader = new Reader(json, source, builder, true);
  reader.eachVideo('results', (id) => {
    if (options.video?.(id) === false) reader.skip();
    else reader.instances(id, builder.video(id));
  });
  return builder.finish();
}

/** Whether bytes are a JSON object with this key at the top, such as `results`; looks no further than to it. */
export function holdsKey(bytes: Uint8Array, wanted: string): boolean {
  const json = new JsonScanner(bytes, '');
  const found = new Error();
  try {
    if (!json.nextIsObject()) return false;
    json.object((key) => {
      if (key === wanted) throw found;
      json.skip();
    });
    return false;
  } catch (error) {
    if (error === found) return true;
    if (error instanceof UserError) return false;
    throw error;
  }
}

// ---- below: internals ----

class Reader {
  readonly #json: JsonScanner;
  readonly #source: string;
  readonly #builder: TableBuilder;
  readonly #scored: boolean;
  // The fields of the annotation being read; no object is made for each of millions.
  #label: unknown;
  #start: unknown;
  #end: unknown;
  #score: unknown;
  #segmentProblem: string | undefined;

  constructor(json: Uint8Array | string, source: string, builder: TableBuilder, scored: boolean) {
    this.#json = new JsonScanner(typeof json === 'string' ? new TextEncoder().encode(json) : json, source);
    this.#source = source;
    this.#builder = builder;
    this.#scored = scored;
  }

  skip(): void {
    this.#json.skip();
  }

  /** Calls `read` for each video in the object `field` of the document; it must read or skip the value. */
  eachVideo(field: string, read: (id: string) => void): void {
    const seen = new Set<string>();
    let found = false;
    this.#json.object((key) => {
      if (key !== field) return this.#json.skip();
      found = true;
      this.#json.object((id) => {
        if (seen.has(id)) this.#builder.problem(`video ${shown(id)}`, 'occurs twice; join the two');
        seen.add(id);
        read(id);
      });
    });
    this.#json.end();
    if (found) return;
    throw new UserError('bad-annotations', `${this.#source}: ${field}: found nothing, expected an object by video`);
  }

  /** A video of the truth. What decides whether it counts may come after its annotations, so those are read last. */
  entry(id: string, options: TruthOptions): void {
    if (!this.#json.nextIsObject()) {
      this.#noList(id);
      return;
    }
    const fields: Record<string, unknown> = {};
    let annotations: number | undefined;
    this.#json.object((key) => {
      if (key === 'annotations') annotations = this.#json.position;
      if (key === 'subset' || key === 'duration') fields[key] = this.#json.value();
      else this.#json.skip();
    });
    const subset = typeof fields.subset === 'string' ? fields.subset : undefined;
    if (options.subset !== undefined && !isSameSubset(subset, options.subset)) return;
    if (options.video?.(id) === false) return;
    const video = this.#builder.video(id, fields.duration as number);
    if (annotations === undefined) {
      this.#builder.problem(`video ${shown(id)}`, 'annotations: found nothing, expected a list');
      return;
    }
    const after = this.#json.position;
    this.#json.position = annotations;
    this.instances(id, video);
    this.#json.position = after;
  }

  instances(id: string, video: number): void {
    if (this.#json.nextIsArray()) this.#json.array((index) => this.#instance(id, video, index));
    else this.#noList(id);
  }

  #instance(id: string, video: number, index: number): void {
    this.#label = this.#start = this.#end = this.#score = undefined;
    this.#segmentProblem = 'found nothing';
    if (this.#json.nextIsObject()) this.#json.object(this.#member);
    else {
      const found = shown(this.#json.value());
      this.#builder.problem(`video ${shown(id)}, instance ${index}`, `found ${found}, expected an object`);
      return;
    }
    if (this.#segmentProblem === undefined) {
      this.#builder.add(video, this.#label, this.#start, this.#end, this.#scored ? this.#score : 0, index);
    } else {
      const where = `video ${shown(id)}, instance ${index}`;
      this.#builder.problem(where, `segment: ${this.#segmentProblem}, expected [start, end] in seconds`);
    }
  }

  readonly #member = (key: string): void => {
    if (key === 'label') this.#label = this.#json.value();
    else if (key === 'score') this.#score = this.#json.value();
    else if (key === 'segment') this.#segment();
    else this.#json.skip();
  };

  #segment(): void {
    if (!this.#json.nextIsArray()) {
      this.#segmentProblem = `found ${shown(this.#json.value())}`;
      return;
    }
    let count = 0;
    this.#json.array((index) => {
      const value = this.#json.value();
      if (index === 0) this.#start = value;
      else this.#end = value;
      count = index + 1;
    });
    this.#segmentProblem = count === 2 ? undefined : `found ${count} values`;
  }

  #noList(id: string): void {
    this.#builder.problem(`video ${shown(id)}`, `found ${shown(this.#json.value())}, expected a list of annotations`);
  }
}
