import { UsageError } from '../../errors.ts';
import { shown } from '../../problems.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { compareInstances, type Instance } from '../dataset.ts';
import { checkDataset, spanProblem } from '../validate.ts';
import { type EafAnnotation, EafDocument } from './eafDocument.ts';
import { EafEditor, newEafDocument } from './eafEditor.ts';
import { readFields, readId, timeOriginOf } from './eafHeader.ts';
import { kindOfTier } from './eafTiers.ts';
import type { AnnotationFormat } from './format.ts';
import { whyUnknown } from './labels.ts';
import { foreignOf } from './leftovers.ts';
import { parseXml, writeXml, type XmlElement } from './xml.ts';

/** What `Clip.foreign` holds: the whole document as it was read. */
interface Kept {
  readonly root: XmlElement;
  readonly source: string;
}

/** An instance and the annotation that says it. */
export interface EafInstance {
  readonly instance: Instance;
  readonly annotation: EafAnnotation;
}

/**
 * ELAN documents, one video each. Every annotation whose text names an action is an instance, on whatever
 * tier; all else is kept as it is. Writing puts instances on a tier a body part, on numbered further tiers
 * where they overlap, with score and reason on tiers that hang on these.
 */
export const eaf: AnnotationFormat = {
  name: 'eaf',
  title: 'ELAN',
  fileEnding: '.eaf',
  oneClipPerFile: true,
  timeStep: 'millisecond',
  loses: [],

  read(text, { source, taxonomy }) {
    const root = parseXml(text, source);
    const document = new EafDocument(root, source);
    const warnings: string[] = [];
    const found = instancesOf(document, taxonomy, (warning) => warnings.push(`${source}: ${warning}`));
    const clip = {
      id: readId(document.header, source),
      ...readFields(document.header),
      instances: found.map(({ instance }) => instance).sort(compareInstances),
      foreign: { format: 'eaf', document: { root, source } satisfies Kept },
    };
    return { dataset: { taxonomy, clips: [clip] }, warnings };
  },

  write(dataset, options = {}) {
    checkDataset(dataset);
    const [clip, ...others] = dataset.clips;
    if (!clip || others.length > 0) {
      throw new UsageError(`An ELAN file holds one video, found ${dataset.clips.length}; write one file for each.`);
    }
    const kept = foreignOf<Kept>(clip, 'eaf');
    const root = kept ? structuredClone(kept.root) : newEafDocument(dataset.taxonomy, clip, options);
    const source = kept?.source ?? '';
    const document = new EafDocument(root, source);
    const before = instancesOf(document, dataset.taxonomy, () => {});
    new EafEditor(document, source, dataset.taxonomy, options).setClip(clip, before);
    return writeXml(root);
  },

  recognises: (text, fileName) => /<ANNOTATION_DOCUMENT[\s>]/.test(text.slice(0, 4000)) || /\.eaf$/i.test(fileName),
};

// ---- below: internals ----

function instancesOf(document: EafDocument, taxonomy: Taxonomy, warn: (warning: string) => void): EafInstance[] {
  const origin = timeOriginOf(document.header);
  const found: EafInstance[] = [];
  for (const tier of document.tiers.values()) {
    const kind = kindOfTier(tier);
    if (kind === 'score' || kind === 'reason') continue;
    let foundHere = 0;
    for (const annotation of tier.annotations) {
      const label = annotation.value.trim();
      const action = label === '' ? undefined : taxonomy.find(label);
      if (!action) {
        if (kind === 'action' && label !== '') warn(`tier ${shown(tier.id)}: ${whyUnknown(label, taxonomy)}`);
        continue;
      }
      const [start, end] = (document.spanOf(annotation) ?? [Number.NaN, Number.NaN]).map(
        (milliseconds) => Math.round(milliseconds + origin) / 1000,
      );
      const problem = spanProblem(start, end);
      if (problem) {
        warn(`${annotation.id} (${action.name}) on tier ${shown(tier.id)} is no instance: ${problem}`);
        continue;
      }
      foundHere += 1;
      found.push({
        instance: { action: action.name, start, end, ...judgementOf(document, annotation, warn) },
        annotation,
      });
    }
    if (foundHere > 0 && kind === undefined) {
      warn(
        `tier ${shown(tier.id)} is not one of ours; its ${foundHere} annotations that name an action were taken as instances`,
      );
    }
  }
  return found;
}

function judgementOf(document: EafDocument, annotation: EafAnnotation, warn: (warning: string) => void) {
  const judgement: { score?: number; reason?: string } = {};
  for (const child of document.refsTo(annotation.id)) {
    const kind = kindOfTier(child.tier);
    if (kind === 'reason' && child.value !== '') judgement.reason = child.value;
    if (kind !== 'score' || child.value.trim() === '') continue;
    const score = Number(child.value);
    if (score >= 0 && score <= 1) judgement.score = score;
    else warn(`${child.id} on tier ${shown(child.tier.id)}: found ${shown(child.value)}, expected a score from 0 to 1`);
  }
  return judgement;
}
