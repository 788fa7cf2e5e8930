import { UserError } from '../../errors.ts';
import { Problems, shown } from '../../problems.ts';
import { type Clip, compareInstances, type Dataset, type Instance } from '../dataset.ts';
import { checkDataset } from '../validate.ts';
import { clipFieldsOf, clipTexts, fieldNames, judgementOf, judgementTexts } from './clipFields.ts';
import { type AnnotationFormat, baseName, type WriteOptions, withoutMark } from './format.ts';
import { parseJson } from './json.ts';
import { LeftOut } from './leftOut.ts';

type Fields = Record<string, unknown>;

/** What an attribute belongs to, in VIA's words: a segment of time, or the whole file. */
const segment = 'FILE1_Z2_XY0';
const wholeFile = 'FILE1_Z0_XY0';
const [scoreName, reasonName] = ['Score', 'Reason'];

/**
 * Projects of the VGG Image Annotator 3, videos and their segments of time. A segment is an instance for
 * each of its attributes' values that names an action. What is known of a video stands in attributes of the
 * whole file, score and reason in attributes of the segment.
 */
export const via: AnnotationFormat = {
  name: 'via',
  title: 'VIA 3 project',
  fileEnding: '.json',
  oneClipPerFile: false,
  loses: [],

  read(text, { source, taxonomy }) {
    const project = parseJson(text, source);
    for (const part of ['attribute', 'file', 'view', 'metadata']) {
      if (isObject(project) && isObject(project[part])) continue;
      const found = isObject(project) ? project[part] : project;
      throw new UserError('bad-annotations', `${source}: ${part}: found ${shown(found)}, expected an object`);
    }
    const { attribute, file, view, metadata } = project as Record<string, Fields>;
    const problems = new Problems(source);
    const leftOut = new LeftOut(source);
    const attributes = new Map(
      Object.entries(attribute).flatMap(([id, one]) => (isObject(one) ? [[id, attributeOf(one)] as const] : [])),
    );
    const videos = new Map<string, { texts: Map<string, string>; instances: Instance[] }>();
    for (const id of Object.keys(view)) videos.set(id, { texts: new Map(), instances: [] });

    for (const [key, entry] of Object.entries(metadata)) {
      const where = `metadata ${shown(key)}`;
      const { vid, z, xy, av } = isObject(entry) ? entry : {};
      const video = videos.get(String(vid));
      if (!video) problems.add(where, `vid: found ${shown(vid)}, expected one of view`);
      const timed = Array.isArray(z) && z.every((time) => typeof time === 'number' && Number.isFinite(time));
      if (!timed) problems.add(where, `z: found ${shown(z)}, expected times in seconds`);
      if (!video || !timed) continue;
      const values = Object.entries(isObject(av) ? av : {}).flatMap(([id, value]) => {
        const known = attributes.get(id);
        return known ? known.textsOf(value).map((text) => ({ name: known.name, text })) : [];
      });
      if (z.length === 0) {
        for (const { name, text } of values) video.texts.set(name, text);
        continue;
      }
      if (z.length !== 2 || (Array.isArray(xy) && xy.length > 0)) {
        leftOut.add('a region or a still picture is no segment of time');
        continue;
      }
      const [start, end] = [...z].sort((a, b) => a - b);
      if (start < 0) problems.add(where, `z: found ${start}, expected 0 or more`);
      const of = (wanted: string) => values.find(({ name }) => name === wanted)?.text;
      const labels = values.filter(({ name }) => name !== scoreName && name !== reasonName);
      const actions = labels.flatMap(({ text }) => taxonomy.find(text) ?? []);
      if (labels.length === 0) leftOut.add('a segment has no label');
      else if (actions.length === 0) leftOut.addUnknown(labels[0].text, taxonomy);
      else if (start === end) leftOut.add('a segment ends where it starts');
      else {
        for (const { name: action } of actions) {
          video.instances.push({ action, start, end, ...judgementOf(of(scoreName), of(reasonName)) });
        }
      }
    }

    const ids = new Set<string>();
    const clips = [...videos].map(([vid, { texts, instances }]): Clip => {
      const files = (view[vid] as Fields | null)?.fid_list;
      if (Array.isArray(files) && files.length > 1)
        leftOut.add(`view ${shown(vid)} shows ${files.length} files; only the first is its video`);
      const path = pathOf(Array.isArray(files) ? file[String(files[0])] : undefined);
      const { id = baseName(path ?? '') || `view ${vid}`, ...fields } = clipFieldsOf((name) => texts.get(name));
      if (ids.has(id)) problems.add(`view ${shown(vid)}`, `the video ${shown(id)} occurs twice`);
      ids.add(id);
      const named = texts.has(fieldNames.id);
      return { id, ...(path && !named && { file: path }), ...fields, instances: instances.sort(compareInstances) };
    });
    problems.throwIfAny();
    return { dataset: { taxonomy, clips }, warnings: leftOut.warnings() };
  },

  write(dataset, options = {}) {
    checkDataset(dataset);
    return `${JSON.stringify(projectOf(dataset, options), null, 1)}\n`;
  },

  recognises: (text) =>
    /^\s*\{/.test(withoutMark(text)) && /"vid_list"\s*:/.test(text) && /"metadata"\s*:\s*\{/.test(text),
};

// ---- below: reading ----

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The name of an attribute, and the texts that its values stand for: keys of its options, or texts themselves. */
function attributeOf({ aname, options }: Fields) {
  const choices = isObject(options) ? options : {};
  const textsOf = (value: unknown): string[] => {
    const given = String(value ?? '');
    if (Object.keys(choices).length === 0) return given === '' ? [] : [given];
    return given
      .split(',')
      .flatMap((key) => (Object.hasOwn(choices, key) ? [String(choices[key])] : key === '' ? [] : [key]));
  };
  return { name: String(aname ?? ''), textsOf };
}

function pathOf(file: unknown): string | undefined {
  const { src, fname } = isObject(file) ? file : {};
  const path = typeof src === 'string' && src !== '' && !/^(blob|data):/.test(src) ? src : fname;
  return typeof path === 'string' && path !== '' ? path : undefined;
}

// ---- below: writing ----

function projectOf({ taxonomy, clips }: Dataset, { date }: WriteOptions): Fields {
  const names = Object.values(fieldNames);
  const attribute = (aname: string, anchor_id: string, options?: Record<string, string>) => ({
    aname,
    anchor_id,
    type: options ? 4 : 1,
    desc: '',
    options: options ?? {},
    default_option_id: '',
  });
  const actionNames = Object.fromEntries(taxonomy.actions.map(({ id, name }) => [id, name]));
  const attributes = [
    attribute('Action', segment, actionNames),
    attribute(scoreName, segment),
    attribute(reasonName, segment),
    ...names.map((name) => attribute(name, wholeFile)),
  ];
  const metadata = clips.flatMap((clip, c) => {
    const vid = String(c + 1);
    const entry = (i: number, z: number[], av: Record<string, string>) => [
      `${vid}_${i}`,
      { vid, flg: 0, z, xy: [], av },
    ];
    const about = Object.fromEntries(clipTexts(clip).map(([name, text]) => [4 + names.indexOf(name), text]));
    const segments = [...clip.instances].sort(compareInstances).map((instance, i) => {
      const values = [String(taxonomy.get(instance.action).id), ...judgementTexts(instance)];
      const given = values.map((value, v) => [v + 1, value] as const).filter(([, value]) => value !== '');
      return entry(i + 1, [instance.start, instance.end], Object.fromEntries(given));
    });
    return [entry(0, [], about), ...segments];
  });
  const byNumber = <T>(list: readonly T[]) => Object.fromEntries(list.map((one, i) => [i + 1, one]));
  return {
    project: {
      pid: '__VIA_PROJECT_ID__',
      rev: '__VIA_PROJECT_REV_ID__',
      rev_timestamp: '__VIA_PROJECT_REV_TIMESTAMP__',
      pname: 'Micro-actions',
      creator: 'VGG Image Annotator (http://www.robots.ox.ac.uk/~vgg/software/via)',
      created: new Date(date ?? '2000-01-01T00:00:00Z').getTime(),
      vid_list: clips.map((_, i) => String(i + 1)),
    },
    config: { file: { loc_prefix: { 1: '', 2: '', 3: '', 4: '' } }, ui: { file_content_align: 'center' } },
    attribute: byNumber(attributes),
    file: byNumber(clips.map(fileOf)),
    view: byNumber(clips.map((_, i) => ({ fid_list: [String(i + 1)] }))),
    metadata: Object.fromEntries(metadata),
  };
}

/** `type` 4 is a video; `loc` is 1 for a file that the user opens, 2 for a web address, 3 for a path. */
function fileOf({ id, file }: Clip, i: number): Fields {
  const loc = file === undefined ? 1 : /^https?:/i.test(file) ? 2 : 3;
  return {
    fid: String(i + 1),
    fname: file === undefined ? id : file.replace(/^.*[\\/]/, ''),
    type: 4,
    loc,
    src: file ?? '',
  };
}
