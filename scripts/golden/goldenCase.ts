import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { readSafetensors } from 'onnxgrad/weights';
import type { Tensors } from './compare.ts';
import { Fields } from './fields.ts';

/** A folder with a `case.json`: what a reference made of given inputs and weights. */
export interface GoldenCase {
  readonly name: string;
  readonly folder: string;
  readonly json: Fields;
  readonly inputs: Tensors;
  readonly weights: Tensors;
  readonly outputs: Tensors;
  /** PyTorch checkpoints that lie beside it: names of files. */
  readonly checkpoints: readonly string[];
}

/** Every folder with a `case.json` at or below the paths, each once, in the order of their names. */
export function findCases(paths: readonly string[]): string[] {
  const found = new Set<string>();
  for (const path of paths) {
    const root = resolve(path);
    if (!existsSync(root)) throw new Error(`${path}: no such folder`);
    const folders = statSync(root).isDirectory() ? foldersBelow(root) : [resolve(root, '..')];
    for (const folder of folders) if (existsSync(join(folder, caseFile))) found.add(folder);
  }
  return [...found].sort();
}

/**
 * Reads a case and holds its files against what it says of them.
 *
 * @throws Error that says which file is missing, cannot be read, or lacks which tensor
 */
export function readCase(folder: string): GoldenCase {
  const json = new Fields(parsed(join(folder, caseFile)));
  const declared = declarations(json);
  const read = (kind: keyof typeof declared): Tensors => {
    const file = `${kind}.safetensors`;
    const tensors = tensorsOf(folder, file);
    if (!tensors) {
      if (declared[kind].size > 0 || (kind === 'weights' && json.number('weights_count', 0) > 0)) {
        throw new Error(`${file} is missing, whose tensors case.json names`);
      }
      return new Map();
    }
    for (const [name, shape] of declared[kind]) {
      const tensor = tensors.get(name);
      if (!tensor) throw new Error(`${file} lacks ${JSON.stringify(name)}, which case.json names`);
      if (String(tensor.shape) !== String(shape)) {
        throw new Error(`${file}: ${name} has shape [${tensor.shape}]; case.json says [${shape}]`);
      }
    }
    return tensors;
  };
  return {
    name: json.text('name', basename(folder)),
    folder,
    json,
    inputs: read('inputs'),
    weights: read('weights'),
    outputs: read('outputs'),
    checkpoints: readdirSync(folder)
      .filter((file) => file.endsWith('.pth'))
      .sort(),
  };
}

/** What a case names: its model, in its own words. */
export function subjectOf(json: Fields): string {
  const words = ['model', 'what', 'note'].map((field) => json.raw(field)).find((value) => typeof value === 'string');
  return (words as string | undefined) ?? 'a case that names no model';
}

// ---- below: internals ----

const caseFile = 'case.json';

function foldersBelow(root: string): string[] {
  const inside = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [root, ...inside.flatMap(({ name }) => foldersBelow(join(root, name)))];
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${caseFile} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

function tensorsOf(folder: string, file: string): Tensors | undefined {
  const path = join(folder, file);
  return existsSync(path) ? readSafetensors(readFileSync(path), file).tensors : undefined;
}

type Declared = ReadonlyMap<string, readonly number[]>;

/** Tensors that the case says its files hold, with their shapes: detection and recognition cases say it differently. */
function declarations(json: Fields): Record<'inputs' | 'weights' | 'outputs', Declared> {
  const tensors = json.has('tensors') ? (json.raw('tensors') as Record<string, unknown>) : {};
  return {
    inputs: shapesIn(tensors.inputs ?? json.raw('inputs')),
    weights: shapesIn(json.raw('weights')),
    outputs: shapesIn(tensors.outputs ?? json.raw('outputs_index')),
  };
}

/** `{ NAME: { shape } }` or `{ NAME: shape }`; what is neither declares nothing. */
function shapesIn(value: unknown): Declared {
  const shapes = new Map<string, readonly number[]>();
  if (typeof value !== 'object' || value === null) return shapes;
  for (const [name, entry] of Object.entries(value)) {
    const shape = Array.isArray(entry) ? entry : (entry as { shape?: unknown } | null)?.shape;
    if (Array.isArray(shape) && shape.every((length) => Number.isInteger(length))) shapes.set(name, shape);
  }
  return shapes;
}
