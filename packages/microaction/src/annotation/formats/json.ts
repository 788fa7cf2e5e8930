import { z } from 'zod';
import { messageOf, UserError } from '../../errors.ts';
import { Problems, shown } from '../../problems.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { parseTaxonomy, taxonomySchema } from '../../taxonomy/taxonomyFile.ts';
import { type Clip, compareInstances, type Instance } from '../dataset.ts';
import { checkDataset, spanProblem } from '../validate.ts';
import { type AnnotationFormat, type ReadContext, withoutMark } from './format.ts';
import { requireAction } from './labels.ts';
import { foreignOf, LeftoverCollector, leftoversOf, without } from './leftovers.ts';

const positive = z.number().positive();

const instanceSchema = z.looseObject({
  action: z.string().describe('Name of the action.'),
  code: z.string().optional().describe('Its code in the annotation manual.'),
  bodyPart: z.string().optional().describe('Name of its body part.'),
  start: z.number().min(0).describe('Seconds from the start of the video.'),
  end: z.number().positive().describe('Seconds from the start of the video; after start, not included.'),
  score: z.number().min(0).max(1).optional().describe('How sure a detector is; absent in what people coded.'),
  reason: z.string().optional().describe('Why a detector says so.'),
});

const videoSchema = z.looseObject({
  file: z.string().min(1).optional().describe('Where the video is: relative to this document, absolute, or a URL.'),
  id: z.string().min(1).optional().describe('Unique in the document; absent where it is the file.'),
  duration: positive.optional().describe('Seconds.'),
  fps: positive.optional().describe('Mean frames per second.'),
  width: z.int().positive().optional().describe('Pixels, as displayed.'),
  height: z.int().positive().optional().describe('Pixels, as displayed.'),
  subset: z.string().optional().describe('training, validation, test or a name of your own.'),
  subject: z.string().optional().describe('Who is seen.'),
  instances: z.array(instanceSchema),
});

/** The project's own document; `detect --json` prints it. Unknown fields are kept. */
export const documentSchema = z.looseObject({
  version: z.literal(1),
  model: z.string().optional().describe('Name of the detector.'),
  taxonomy: z
    .union([z.string(), taxonomySchema])
    .optional()
    .describe(
      'Name or definition of the list of actions; absent: the one in use, which is the 52 micro-actions unless told.',
    ),
  videos: z.array(videoSchema),
});

type Document = z.infer<typeof documentSchema>;
type Video = z.infer<typeof videoSchema>;

export const json: AnnotationFormat = {
  name: 'json',
  title: 'microaction JSON',
  fileEnding: '.json',
  oneClipPerFile: false,
  loses: [],

  read(text, context) {
    const value = parseJson(text, context.source);
    const problems = new Problems(context.source);
    const parsed = documentSchema.safeParse(value);
    if (!parsed.success) {
      problems.addIssues(parsed.error, value);
      problems.throwIfAny();
      throw parsed.error;
    }
    const document = parsed.data;
    const taxonomy = taxonomyOf(document, context);
    const ids = new Set<string>();
    const clips = document.videos.map((video, v) => {
      const clip = readVideo(video, `videos[${v}]`, taxonomy, problems);
      if (ids.has(clip.id)) problems.add(`videos[${v}]`, `the id ${shown(clip.id)} occurs twice`);
      ids.add(clip.id);
      return clip;
    });
    problems.throwIfAny();
    const fields = without(document, ['version', 'taxonomy', 'videos']);
    const foreign = Object.keys(fields).length > 0 ? { foreign: { format: 'json', document: fields } } : {};
    return { dataset: { taxonomy, clips, ...foreign }, warnings: [] };
  },

  write(dataset, options = {}) {
    checkDataset(dataset);
    const { taxonomy } = dataset;
    const { model, ...fields } = foreignOf<Record<string, unknown>>(dataset, 'json') ?? {};
    const document = {
      version: 1,
      model: options.model ?? model,
      ...(taxonomy === microActions52 ? {} : { taxonomy: taxonomy.toJSON() }),
      ...fields,
      videos: dataset.clips.map((clip) => writeVideo(clip, taxonomy)),
    };
    return `${JSON.stringify(document, null, 2)}\n`;
  },

  recognises: (text) =>
    /^\s*\{/.test(withoutMark(text)) && /"videos"\s*:\s*\[/.test(text) && /"version"\s*:/.test(text),
};

/** @throws UserError `bad-annotations` that names the document. */
export function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(withoutMark(text));
  } catch (error) {
    throw new UserError('bad-annotations', `${source} is not valid JSON: ${messageOf(error)}`);
  }
}

// ---- below: internals ----

const namedFields = ['file', 'id', 'duration', 'fps', 'width', 'height', 'subset', 'subject', 'instances'];

function taxonomyOf({ taxonomy }: Document, context: ReadContext): Taxonomy {
  if (taxonomy === undefined) return context.taxonomy;
  const name = typeof taxonomy === 'string' ? taxonomy : taxonomy.name;
  for (const known of [context.taxonomy, microActions52]) if (known.name === name) return known;
  if (typeof taxonomy !== 'string') return parseTaxonomy(taxonomy, `The taxonomy in ${context.source}`);
  throw new UserError(
    'unknown-taxonomy',
    `${context.source} uses the taxonomy "${name}", but ${context.taxonomy.name} is in use. Give its file as the taxonomy.`,
  );
}

function readVideo(video: Video, where: string, taxonomy: Taxonomy, problems: Problems): Clip {
  const id = video.id ?? video.file;
  if (id === undefined) problems.add(where, 'found neither file nor id, expected one of them');
  const leftovers = new LeftoverCollector();
  leftovers.addFields(without(video, namedFields));
  const instances: Instance[] = [];
  video.instances.forEach((given, i) => {
    const at = `${where}.instances[${i}]`;
    const action = requireAction(given.action, taxonomy, problems, `${at}.action`);
    if (!action) return;
    const span = spanProblem(given.start, given.end);
    if (span) problems.add(at, span);
    const expected = { code: action.code, bodyPart: taxonomy.bodyPartOf(action.id).name };
    for (const field of ['code', 'bodyPart'] as const) {
      if (given[field] === undefined || given[field] === expected[field]) continue;
      problems.add(
        `${at}.${field}`,
        `found ${shown(given[field])}, expected ${shown(expected[field])} for ${action.name}`,
      );
    }
    const { action: _, code, bodyPart, start, end, score, reason, ...rest } = given;
    const instance = {
      action: action.name,
      start,
      end,
      ...(score !== undefined && { score }),
      ...(reason && { reason }),
    };
    instances.push(instance);
    leftovers.add(instance, rest);
  });
  const { file, duration, fps, width, height, subset, subject } = video;
  const foreign = leftovers.as('json');
  return {
    id: id ?? '',
    ...(file !== undefined && { file }),
    ...(duration !== undefined && { durationSeconds: duration }),
    ...(fps !== undefined && { frameRate: fps }),
    ...(width !== undefined && { widthPixels: width }),
    ...(height !== undefined && { heightPixels: height }),
    ...(subset !== undefined && { subset }),
    ...(subject !== undefined && { subject }),
    instances: instances.sort(compareInstances),
    ...(foreign && { foreign }),
  };
}

function writeVideo(clip: Clip, taxonomy: Taxonomy) {
  const leftovers = leftoversOf(clip, 'json');
  return {
    file: clip.file,
    id: clip.id === clip.file ? undefined : clip.id,
    duration: clip.durationSeconds,
    fps: clip.frameRate,
    width: clip.widthPixels,
    height: clip.heightPixels,
    subset: clip.subset,
    subject: clip.subject,
    ...leftovers.fields,
    instances: [...clip.instances].sort(compareInstances).map((instance) => {
      const { code } = taxonomy.get(instance.action);
      const { start, end, score, reason } = instance;
      const bodyPart = taxonomy.bodyPartOf(instance.action).name;
      return { action: instance.action, code, bodyPart, start, end, score, reason, ...leftovers.take(instance) };
    }),
  };
}
