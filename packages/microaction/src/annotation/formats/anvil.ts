import { UsageError, UserError } from '../../errors.ts';
import { Problems, shown } from '../../problems.ts';
import { type Clip, compareInstances, type Instance } from '../dataset.ts';
import { spanProblem } from '../validate.ts';
import { type AnnotationFormat, baseName } from './format.ts';
import { LeftOut } from './leftOut.ts';
import { elementsOf, parseXml, textOf, type XmlElement } from './xml.ts';

type Span = readonly [start: number, end: number];

/**
 * Annotations of Anvil, one video each; read only, since Anvil needs a specification of tracks beside them.
 * An element is an instance where one of its values names an action, or the name of its track does. Elements
 * of other tracks than primary ones take their times from the elements that they refer to by index.
 */
export const anvil: AnnotationFormat = {
  name: 'anvil',
  title: 'Anvil',
  fileEnding: '.anvil',
  oneClipPerFile: true,
  readOnly: true,
  loses: [],

  read(text, { source, taxonomy }) {
    const root = parseXml(text, source);
    if (root.name !== 'annotation') {
      throw new UserError('bad-annotations', `${source}: found the element ${root.name}, expected annotation`);
    }
    const [head, body] = ['head', 'body'].map((name) => elementsOf(root, name)[0]);
    const problems = new Problems(source);
    const leftOut = new LeftOut(source);
    const tracks = body ? elementsOf(body, 'track') : [];
    const spans = new Map<string, Map<string, Span>>();
    const instances: Instance[] = [];
    // A track refers to one that stands before it.
    for (const track of tracks) {
      const name = track.attributes.name ?? '';
      const spansHere = new Map<string, Span>();
      spans.set(name, spansHere);
      const actionOfTrack = taxonomy.find(name.replace(/^.*\./, ''));
      for (const element of elementsOf(track, 'el')) {
        const values = elementsOf(element, 'attribute').map((one) => textOf(one).trim());
        const where = `line ${element.line}`;
        const span = spanOf(element, spans.get(track.attributes.ref ?? ''));
        if (!span) {
          leftOut.add(`an element of the track ${shown(name)} has no times that can be found`);
          continue;
        }
        spansHere.set(element.attributes.index ?? '', span);
        const labels = values.filter((value) => value !== '');
        const action = labels.map((value) => taxonomy.find(value)).find((found) => found) ?? actionOfTrack;
        if (!action) {
          leftOut.addUnknown(labels[0] ?? name, taxonomy);
          continue;
        }
        const problem = spanProblem(...span);
        if (problem) problems.add(where, problem);
        instances.push({ action: action.name, start: span[0], end: span[1] });
      }
    }
    problems.throwIfAny();
    const file = head && elementsOf(head, 'video')[0]?.attributes.src;
    const clip: Clip = {
      id: baseName(file ?? '') || baseName(source),
      ...(file && { file }),
      instances: instances.sort(compareInstances),
    };
    return { dataset: { taxonomy, clips: [clip] }, warnings: leftOut.warnings() };
  },

  write() {
    throw new UsageError('Anvil files are only read; write another format, such as eaf.');
  },

  recognises: (text, fileName) =>
    /\.anvil$/i.test(fileName) || /^(?:\uFEFF)?\s*(?:<\?xml[^>]*>\s*)?<annotation>\s*<head[\s>]/.test(text),
};

// ---- below: internals ----

/** Its own times, or those of what it refers to: one element, or from one to another. */
function spanOf({ attributes }: XmlElement, referred: ReadonlyMap<string, Span> | undefined): Span | undefined {
  const { start, end, ref } = attributes;
  if (!referred) return start === undefined || end === undefined ? undefined : [secondsOf(start), secondsOf(end)];
  const [first, last] = [referred.get(ref ?? start ?? ''), referred.get(ref ?? end ?? '')];
  return first && last && [first[0], last[1]];
}

/** Anvil's times carry noise far below a millisecond: 849.76001. */
const secondsOf = (text: string) => (text.trim() === '' ? Number.NaN : Math.round(Number(text) * 1000) / 1000);
