import { arrayFrom } from 'onnxgrad';
import { writeNpz } from 'onnxgrad/weights';
import { writeAtomically } from '../../files/writeAtomically.ts';

/**
 * Writes optical flow as a packed `.npz` of one array, `flow`: [T - 1, height, width, 2] float16, pixels to the right and
 * down from each frame to the next.
 *
 * @throws what `writeAtomically` does
 */
export async function writeFlow(
  path: string,
  fields: Iterable<Float32Array>,
  { widthPixels, heightPixels }: { readonly widthPixels: number; readonly heightPixels: number },
): Promise<void> {
  const halves: Uint16Array[] = [];
  for (const field of fields) halves.push(arrayFrom('float16', field) as Uint16Array);
  const size = widthPixels * heightPixels * 2;
  const data = new Uint16Array(halves.length * size);
  halves.forEach((half, i) => void data.set(half, i * size));
  const flow = { dtype: 'float16', shape: [halves.length, heightPixels, widthPixels, 2], data } as const;
  await writeAtomically(path, writeNpz(new Map([['flow', flow]]), { packed: true }));
}
