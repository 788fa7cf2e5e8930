import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { detectorNames } from 'microaction';
import type { DetectorChoice } from '../../contract/job.ts';
import { Refusal } from '../http/refusal.ts';
import type { DataFolder } from '../videos/dataFolder.ts';

/** What can be run on videos: the detectors that come along, and the networks in the folder `models` of the data folder. */
export async function detectorChoices(folder: DataFolder): Promise<DetectorChoice[]> {
  const builtIn = detectorNames.map((model) => ({ model, title: titles[model], kind: 'built-in' as const }));
  const files = (await networkFiles(folder, '', 0)).sort();
  return [...builtIn, ...files.map((model) => ({ model, title: titleOf(model), kind: 'file' as const }))];
}

/**
 * A choice as `loadDetector` takes it: a name, or the absolute path of a file.
 *
 * @throws Refusal 404 `no-detector` for what is neither; 400 `bad-path`
 */
export async function findDetector(folder: DataFolder, model: string): Promise<string> {
  if ((detectorNames as readonly string[]).includes(model)) return model;
  if (isNetwork(model)) {
    try {
      return (await folder.find(`${modelFolder}/${model}`)).path;
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'no-file') throw error;
    }
  }
  const known = (await detectorChoices(folder)).map((choice) => choice.model).join(', ');
  throw new Refusal(
    404,
    'no-detector',
    `There is no detector "${model}". Known: ${known}. Trained networks (.safetensors, .onnx) belong into the folder "${modelFolder}" of the data folder.`,
  );
}

// ---- below: internals ----

const modelFolder = 'models';
const deepest = 4;

const titles: Readonly<Record<(typeof detectorNames)[number], string>> = {
  kinematic: 'Movements of the body (kinematic)',
};

const isNetwork = (name: string) => /\.(safetensors|onnx)$/i.test(name);

/** Training runs call every file `weights.safetensors`: the folder says which. */
const titleOf = (path: string) => path.replace(/\.(safetensors|onnx)$/i, '').replace(/(\/best|\/last)?\/weights$/, '');

/** Relative to the folder of models; hidden ones are passed over. */
async function networkFiles(folder: DataFolder, path: string, depth: number): Promise<string[]> {
  const open = await opendir(join(folder.root, modelFolder, path)).catch(() => undefined); // most have none
  if (!open) return [];
  const found: string[] = [];
  for await (const entry of open) {
    if (entry.name.startsWith('.')) continue;
    const inner = path ? `${path}/${entry.name}` : entry.name;
    if (entry.isDirectory() && depth < deepest) found.push(...(await networkFiles(folder, inner, depth + 1)));
    if (entry.isFile() && isNetwork(entry.name)) found.push(inner);
  }
  return found;
}
