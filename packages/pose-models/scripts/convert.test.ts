import { readFileSync } from 'node:fs';
import { onnxBytes } from 'onnxgrad/onnx';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { modelNames, modelUrl } from '../src/index.ts';
import { cuts } from './convert.ts';
import { testPicture } from './testPicture.ts';
import type { TfGraph, TfNode, TfWeight } from './tfjsGraph.ts';
import { toOnnx } from './toOnnx.ts';

// Both runtimes sum the same float32 products in different orders.
const tolerance = 2e-4;

describe('converted networks', () => {
  it('are those that the package names', () => {
    expect(cuts.map((cut) => cut.name).sort()).toEqual([...modelNames].sort());
  });

  it('MoveNet gives the heat maps of the original', async () => {
    const { heat } = await run('movenet-thunder', (byte) => byte / 127.5 - 1);
    for (const [index, expected] of golden('movenet-thunder').heatSample.entries()) {
      const cell = Math.floor((index * 997) / 17); // stored as [64 * 64, 17], every 997th value
      expect(Math.abs(heat[((index * 997) % 17) * 64 * 64 + cell] - expected)).toBeLessThan(tolerance);
    }
  });

  it('BlazePose gives the landmarks of the original', async () => {
    const { landmarks, presence } = await run('blazepose-full', (byte) => byte / 255);
    const expected = golden('blazepose-full');
    expectClose(landmarks, expected.landmarks, 0.02); // pixels of 256
    expectClose(presence, expected.presence, tolerance);
  });

  it('the detector gives the scores and boxes of the original', async () => {
    const outputs = await run('blazepose-detector', (byte) => byte / 127.5 - 1);
    const row = (anchor: number) => {
      let first = 0;
      for (const [stride, anchors] of [
        [8, 2],
        [16, 2],
        [32, 6],
      ]) {
        const cells = (224 / stride) ** 2;
        if (anchor < first + cells * anchors) {
          const cell = Math.floor((anchor - first) / anchors);
          const slot = (anchor - first) % anchors;
          const box = Array.from(
            { length: 12 },
            (_, value) => outputs[`boxes${stride}`][(slot * 12 + value) * cells + cell],
          );
          return [outputs[`scores${stride}`][slot * cells + cell], ...box];
        }
        first += cells * anchors;
      }
      throw new RangeError(`No anchor ${anchor}.`);
    };
    const { best, sample } = golden('blazepose-detector');
    for (let start = 0; start < best.length; start += 14)
      expectClose(row(best[start]), best.slice(start + 1, start + 14), 0.01);
    expectClose(
      sample.map((_, index) => row(Math.floor((index * 997) / 13))[(index * 997) % 13]),
      sample,
      0.01,
    );
  });
});

describe('conversion of single operations', () => {
  it('pads a strided SAME convolution at the end first, as TensorFlow does', async () => {
    const node = tf('conv', 'Conv2D', ['in', 'w'], { strides: ints(1, 2, 2, 1), padding: { s: btoa('SAME') } });
    const weight: TfWeight = {
      type: 'float16',
      shape: [3, 3, 1, 1],
      data: Float16Array.from([1, 2, 4, 8, 16, 32, 64, 128, 256]),
    };
    // One at the top left: with padding only below and to the right it meets the kernel's first weight.
    const output = await runGraph([node], { w: weight }, [1, 4, 4], Float32Array.from([1, ...Array(15).fill(0)]));
    expect([...output]).toEqual([1, 0, 0, 0]);
  });

  it('folds an explicit Pad into the convolution that follows', async () => {
    const pad = tf('pad', 'Pad', ['in', 'paddings']);
    const node = tf('conv', 'Conv2D', ['pad', 'w'], { strides: ints(1, 2, 2, 1), padding: { s: btoa('VALID') } });
    const weights: Record<string, TfWeight> = {
      w: { type: 'float16', shape: [3, 3, 1, 1], data: Float16Array.from([1, 2, 4, 8, 16, 32, 64, 128, 256]) },
      paddings: { type: 'int32', shape: [4, 2], data: Int32Array.from([0, 0, 1, 1, 1, 1, 0, 0]) },
    };
    const output = await runGraph([pad, node], weights, [1, 4, 4], Float32Array.from([1, ...Array(15).fill(0)]));
    expect([...output]).toEqual([16, 0, 0, 0]);
  });

  it('moves channels to space in the order of TensorFlow', async () => {
    const node = tf('d2s', 'DepthToSpace', ['in'], { block_size: { i: '2' } });
    const output = await runGraph([node], {}, [8, 1, 1], Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    expect([...output]).toEqual([1, 3, 5, 7, 2, 4, 6, 8]);
  });

  it('names an operation that it cannot convert', () => {
    const graph = graphOf([tf('odd', 'FancyOp', ['in'])], {});
    expect(() => toOnnx(graph, cutOf('odd', [1, 1, 1]))).toThrow('no rule for FancyOp (odd)');
  });
});

async function run(name: (typeof modelNames)[number], value: (byte: number) => number) {
  const session = await InferenceSession.create(readFileSync(modelUrl(name)));
  const size = name === 'blazepose-detector' ? 224 : 256;
  const bytes = testPicture(size);
  const planes = Float32Array.from(bytes, (_, index) =>
    value(bytes[(index % (size * size)) * 3 + Math.floor(index / (size * size))]),
  );
  const outputs = await session.run({ image: new Tensor('float32', planes, [1, 3, size, size]) });
  await session.release();
  return Object.fromEntries(Object.entries(outputs).map(([key, { data }]) => [key, data as Float32Array]));
}

async function runGraph(
  nodes: TfNode[],
  weights: Record<string, TfWeight>,
  shape: [number, number, number],
  input: Float32Array,
) {
  const last = nodes[nodes.length - 1].name;
  const session = await InferenceSession.create(onnxBytes(toOnnx(graphOf(nodes, weights), cutOf(last, shape))));
  const { out } = await session.run({ image: new Tensor('float32', input, [1, ...shape]) });
  await session.release();
  return out.data as Float32Array;
}

function graphOf(nodes: TfNode[], weights: Record<string, TfWeight>): TfGraph {
  const constants = Object.keys(weights).map((name) => tf(name, 'Const', []));
  const all = [tf('in', 'Placeholder', []), ...constants, ...nodes];
  return { nodes: new Map(all.map((node) => [node.name, node])), weights: new Map(Object.entries(weights)) };
}

function cutOf(output: string, shape: [number, number, number]) {
  return { name: 'test', doc: '', input: { name: 'image', node: 'in', shape }, outputs: { out: output } };
}

function tf(name: string, op: string, inputs: string[], attributes: TfNode['attributes'] = {}): TfNode {
  return { name, op, inputs, attributes };
}

function ints(...values: number[]) {
  return { list: { i: values.map(String) } };
}

function golden(name: string): Record<string, number[]> {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8'));
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[], within: number) {
  expect(actual.length).toBe(expected.length);
  for (const [index, value] of expected.entries()) {
    expect(Math.abs(actual[index] - value), `value ${index}`).toBeLessThan(within);
  }
}
