import { gunzipSync } from 'node:zlib';
import { type Clip, compareInstances, type Instance, type Taxonomy, UserError } from 'microaction';
import { formatNamed, formatOf, readAnnotations } from 'microaction/formats';
import { baseName } from './videoNames.ts';

export interface ReadImport {
  /** Name of the format that it is in. */
  readonly format: string;
  /** Whose predictions they are: named in the file or, where it is not, after it. */
  readonly model: string;
  readonly warnings: string[];
  /** Actions under their names in the project. */
  readonly clips: readonly Clip[];
}

/**
 * Reads an uploaded file of annotations in any known format, also compressed (`.gz`).
 *
 * @param name - of the file on the person's machine: tells the format where the content does not
 * @param format - name of the format; absent: told from the content
 * @throws UserError `unknown-format`, `bad-annotations`, `unknown-action` and what else the format says is wrong
 */
export function readImport(bytes: Uint8Array, name: string, taxonomy: Taxonomy, format?: string): ReadImport {
  const isPacked = /\.gz$/i.test(name);
  const source = isPacked ? name.slice(0, -3) : name;
  const content = isPacked ? unpacked(bytes, name) : bytes;
  const chosen = format === undefined ? formatOf(content, source) : formatNamed(format);
  const { dataset, warnings } = readAnnotations(content, { source, taxonomy }, chosen);
  const { model } = (dataset.foreign?.document ?? {}) as { readonly model?: unknown };
  return {
    format: chosen.name,
    model: (typeof model === 'string' && model.trim().slice(0, 120)) || baseName(source),
    warnings: [...warnings],
    clips: dataset.clips.map((clip) => inScheme(clip, taxonomy, name)),
  };
}

// ---- below: internals ----

const mostUnpackedBytes = 256 * 2 ** 20;

function unpacked(bytes: Uint8Array, name: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: mostUnpackedBytes });
  } catch {
    const message = `${name} is no gzip file, or unpacks to more than 256 MiB. Nothing was imported: unpack it and send what is in it.`;
    throw new UserError('bad-annotations', message);
  }
}

/** A file may bring a scheme of its own; what counts is whether its actions are in the project's. */
function inScheme(clip: Clip, taxonomy: Taxonomy, name: string): Clip {
  const instances = clip.instances.map((instance): Instance => {
    const action = taxonomy.find(instance.action);
    if (action) return { ...instance, action: action.name };
    const message = `${name}, video ${clip.id}: found the action "${instance.action}", which is not in the coding scheme ${taxonomy.name} of this project. Nothing was imported.`;
    throw new UserError('unknown-action', message);
  });
  return { ...clip, instances: instances.sort(compareInstances) };
}
