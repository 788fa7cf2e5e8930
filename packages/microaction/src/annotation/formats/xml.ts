import { SaxesParser } from 'saxes';
import { UserError } from '../../errors.ts';
import { withoutMark } from './format.ts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: XmlNode[];
  /** Where it began in the text it was read from, from 1. */
  readonly line?: number;
}

export type XmlNode = XmlElement | { readonly comment: string } | string;

const deepest = 200;

/**
 * The root element of a well-formed document. Blanks between elements are dropped, text is kept.
 *
 * @throws UserError `bad-annotations` with the line, for what is not well formed and for documents that
 *   declare a document type (entities could expand without bound)
 */
export function parseXml(text: string, source: string): XmlElement {
  const parser = new SaxesParser({ position: true });
  const fail = (what: string) => {
    throw new UserError('bad-annotations', `${source}, line ${parser.line}: ${what}`);
  };
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  parser.on('error', (error) => fail(`not well-formed XML (${error.message.replace(/^.*?\d+:\d+: /, '')})`));
  parser.on('doctype', () => fail('found a document type declaration, which annotation files do not have'));
  parser.on('opentag', ({ name, attributes }) => {
    const element: XmlElement = {
      name,
      attributes: { ...(attributes as Record<string, string>) },
      children: [],
      line: parser.line,
    };
    if (open.length >= deepest) fail(`more than ${deepest} elements inside each other`);
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => {
    const { children } = open.pop() as XmlElement;
    if (!children.some((child) => typeof child !== 'string')) return;
    const kept = children.filter((child) => typeof child !== 'string' || child.trim() !== '');
    children.splice(0, children.length, ...kept);
  });
  const addText = (found: string) => {
    const children = open.at(-1)?.children;
    if (!children || found === '') return;
    if (typeof children.at(-1) === 'string') children.push(`${children.pop()}${found}`);
    else children.push(found);
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('comment', (comment) => open.at(-1)?.children.push({ comment }));
  parser.write(withoutMark(text)).close();
  return root as XmlElement;
}

/** A document with two blanks of indentation a level. Characters that XML cannot hold become U+FFFD. */
export function writeXml(root: XmlElement): string {
  const out = ['<?xml version="1.0" encoding="UTF-8"?>\n'];
  writeElement(root, '', '\n', out);
  return out.join('');
}

export const isElement = (node: XmlNode): node is XmlElement => typeof node === 'object' && 'name' in node;

/** The child elements, of one name or all. */
export function elementsOf(parent: XmlElement, name?: string): XmlElement[] {
  return parent.children.filter((child): child is XmlElement => isElement(child) && (!name || child.name === name));
}

export function textOf(element: XmlElement | undefined): string {
  return element ? element.children.filter((child) => typeof child === 'string').join('') : '';
}

/** A new element; attributes that are undefined are left out. */
export function newElement(
  name: string,
  attributes: Record<string, string | undefined> = {},
  children: XmlNode[] = [],
): XmlElement {
  const given = Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { name, attributes: Object.fromEntries(given), children };
}

// ---- below: internals ----

function writeElement(
  { name, attributes, children }: XmlElement,
  indent: string,
  lineEnd: string,
  out: string[],
): void {
  out.push(indent, '<', name);
  for (const [key, value] of Object.entries(attributes)) out.push(' ', key, '="', escapeAttribute(value), '"');
  if (children.length === 0) {
    out.push('/>', lineEnd);
    return;
  }
  const inline = children.some((child) => typeof child === 'string');
  out.push('>', inline ? '' : '\n');
  for (const child of children) {
    if (typeof child === 'string') out.push(escapeText(child));
    else if ('comment' in child) out.push(inline ? '' : `${indent}  `, `<!--${child.comment}-->`, inline ? '' : '\n');
    else writeElement(child, inline ? '' : `${indent}  `, inline ? '' : '\n', out);
  }
  out.push(inline ? '' : indent, '</', name, '>', lineEnd);
}

const escapeText = (text: string) =>
  allowed(text).replace(/[&<>\r]/g, (mark) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[mark] ?? '&#13;');

const escapeAttribute = (text: string) =>
  allowed(text).replace(/[&<>"\t\n\r]/g, (mark) => {
    const name = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' }[mark] ?? `#${mark.charCodeAt(0)}`;
    return `&${name};`;
  });

const allowed = (text: string) =>
  text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
