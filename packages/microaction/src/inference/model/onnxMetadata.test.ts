import fc from 'fast-check';
import { add, input, loadProgram, toOnnx } from 'onnxgrad';
import { expect, it } from 'vitest';
import { metadataOf, withMetadata } from './onnxMetadata.ts';

const model = toOnnx({ y: add(input('x', [2]), 1) });

it('keeps any texts in a file that the engine still runs', async () => {
  const texts = fc.dictionary(
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.string({ unit: 'binary', maxLength: 400 }),
    { maxKeys: 4, noNullPrototype: true },
  );
  const property = fc.property(texts, (metadata) => {
    expect(metadataOf(withMetadata(model, metadata))).toEqual(metadata);
  });
  fc.assert(property, { seed: 8, numRuns: 60 });
  await using program = await loadProgram(withMetadata(model, { a: 'b', ö: 'x'.repeat(70_000) }), { threads: 1 });
  expect([...(await program.run({ x: [1, 2] })).y.data]).toEqual([2, 3]);
});

it('finds none in what has none, or is no such file', () => {
  expect(metadataOf(model)).toEqual({});
  expect(metadataOf(new TextEncoder().encode('a text that someone wrote'))).toEqual({});
  expect(metadataOf(new Uint8Array(50).fill(255))).toEqual({});
});
