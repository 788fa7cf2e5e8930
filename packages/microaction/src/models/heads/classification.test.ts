import { existsSync, readFileSync } from 'node:fs';
import { compile, constant, crossEntropy, exp, input, numbersOf, type Tensor, type TypedArray } from 'onnxgrad';
import { Initializer, stateOf } from 'onnxgrad/nn';
import { readSafetensors } from 'onnxgrad/weights';
import { describe, expect, it } from 'vitest';
import { checkGradient, sample } from '../../../../onnxgrad/src/grad/gradientTesting.ts';
import { Classifier, classificationLoss, effectiveNumberWeights, embeddingLoss, hierarchicalLogits } from './index.ts';

const parts = [1, 0, 0, 2, 1, 0];

describe('the hierarchical classifier', () => {
  it('gives P(part) P(action | part), 1 in all', async () => {
    const [scores, partScores] = [sample([2, 6], [-4, 4], 1), sample([2, 3], [-4, 4], 2)];
    const logits = hierarchicalLogits(tensor(scores), tensor(partScores), parts);
    const [found, shares] = [await values(logits), await values(exp(logits))];
    for (const clip of [0, 1]) {
      const row = Array.from(scores.values.subarray(6 * clip, 6 * clip + 6), Math.exp);
      const partRow = Array.from(partScores.values.subarray(3 * clip, 3 * clip + 3), Math.exp);
      const total = partRow.reduce((a, b) => a + b);
      parts.forEach((part, classId) => {
        const inPart = row.reduce((sum, each, other) => sum + (parts[other] === part ? each : 0), 0);
        const expected = (partRow[part] / total) * (row[classId] / inPart);
        expect(shares[6 * clip + classId]).toBeCloseTo(expected, 12);
        expect(found[6 * clip + classId]).toBeCloseTo(Math.log(expected), 12);
      });
      expect(shares.slice(6 * clip, 6 * clip + 6).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    }
  });

  it('has the gradients of central differences', () =>
    checkGradient(
      (scores, partScores) => hierarchicalLogits(scores, partScores, parts),
      [sample([2, 6], [-2, 2], 1), sample([2, 3], [-2, 2], 2)],
    ));

  it('averages the scores of the segments of a clip, not of its neighbours', async () => {
    const init = new Initializer(1);
    const classifier = new Classifier({ inputs: 4, classes: 6, std: 1, parts }, init);
    const features = sample([6, 4]);
    const means = Float64Array.from({ length: 8 }, (_, i) => {
      const [clip, column] = [i >> 2, i % 4];
      return [0, 1, 2].reduce((sum, segment) => sum + features.values[(3 * clip + segment) * 4 + column] / 3, 0);
    });
    const inSegments = await values(classifier.apply(single(features), undefined, 3));
    const averaged = await values(classifier.apply(single({ shape: [2, 4], values: means })));
    inSegments.forEach((logit, i) => {
      expect(logit).toBeCloseTo(averaged[i], 5);
    });
  });

  it('is named as in official checkpoints, and has parts only where told', () => {
    const plain = new Classifier({ inputs: 4, classes: 6 }, new Initializer(1));
    expect([...stateOf(plain).keys()]).toEqual(['fc_cls.weight', 'fc_cls.bias']);
    const hierarchical = new Classifier({ inputs: 4, classes: 6, parts }, new Initializer(1));
    expect(stateOf(hierarchical).get('fc_part.weight')?.shape).toEqual([3, 4]);
  });

  it.each([
    [[0, 0], 'parts has length 2; expected the part of each of 6 classes'],
    [[0, 0, 0, 2, 2, 2], 'parts are 0, 2; expected 0, 1, 2 ... without a gap'],
  ])('refuses parts %j', (given, message) => {
    expect(() => new Classifier({ inputs: 4, classes: 6, parts: given }, new Initializer(1))).toThrow(message);
  });
});

describe('the loss of classification', () => {
  const logits = sample([4, 5], [-3, 3]);
  const shares = sample([4, 5], [0.1, 1], 5);
  const soft = { ...shares, values: shares.values.map((share, i) => share / rowSum(shares.values, i, 5)) };
  const options = {
    plain: {},
    smoothed: { labelSmoothing: 0.1 },
    focal: { focalGamma: 2 },
    'of a fraction as gamma': { focalGamma: 0.5 },
    weighed: { classWeights: [1, 2, 0.5, 3, 0] },
    'with all': { labelSmoothing: 0.2, focalGamma: 1.5, classWeights: [1, 2, 0.5, 3, 1] },
  };

  it.each(Object.entries(options))(
    '%s is what its formula says, with gradients of central differences',
    async (_, each) => {
      const found = await values(classificationLoss(tensor(logits), tensor(soft), each));
      expect(found[0]).toBeCloseTo(byHand(logits.values, soft.values, each), 10);
      await checkGradient((x, t) => classificationLoss(x, t, each), [logits, soft]);
    },
  );

  it('is the cross entropy where gamma is 0, and with weights that are all alike', async () => {
    const expected = await values(crossEntropy(tensor(logits), tensor(soft), { labelSmoothing: 0.1 }));
    for (const same of [{ focalGamma: 0 }, { classWeights: [3, 3, 3, 3, 3] }]) {
      const found = await values(classificationLoss(tensor(logits), tensor(soft), { labelSmoothing: 0.1, ...same }));
      expect(found[0]).toBeCloseTo(expected[0], 10);
    }
  });

  it('stays a number where an answer is all but certain', async () => {
    const certain = { shape: [1, 2], values: Float64Array.of(80, -80) };
    const truth = { shape: [1, 2], values: Float64Array.of(1, 0) };
    for (const focalGamma of [0.5, 2]) {
      const [loss] = await values(classificationLoss(single(certain), single(truth), { focalGamma }));
      expect(loss).toBeCloseTo(0, 10);
    }
  });

  it('refuses weights that are not one for each class', () => {
    expect(() => classificationLoss(tensor(logits), tensor(soft), { classWeights: [1, 2] })).toThrow(
      'classWeights: found 2, expected one for each of 5 classes',
    );
  });
});

describe('the loss of embeddings', () => {
  it('is the mean square to the mixture of meanings, with gradients of central differences', async () => {
    const [embedding, vectors] = [sample([2, 3], [-1, 1], 3), sample([2, 3], [-1, 1], 4)];
    const targets = { shape: [2, 2], values: Float64Array.of(1, 0, 0.25, 0.75) };
    const [loss] = await values(embeddingLoss(tensor(embedding), tensor(targets), tensor(vectors)));
    let expected = 0;
    for (let i = 0; i < 6; i++) {
      const [row, column] = [Math.floor(i / 3), i % 3];
      const [own, other] = targets.values.subarray(2 * row);
      const wanted = own * vectors.values[column] + other * vectors.values[3 + column];
      expected += (embedding.values[i] - wanted) ** 2 / 6;
    }
    expect(loss).toBeCloseTo(expected, 12);
    await checkGradient((x) => embeddingLoss(x, constantLike(x, targets), constantLike(x, vectors)), [embedding]);
  });
});

describe('weights by effective numbers', () => {
  it('are alike for beta 0, and as 1 / count near 1', () => {
    expect(effectiveNumberWeights([1, 10, 100], 0)).toEqual([1, 1, 1]);
    const [rare, common] = effectiveNumberWeights([1, 10], 1 - 1e-9);
    expect(rare / common).toBeCloseTo(10, 4);
  });

  it('follow the formula, are 1 on average, and 0 for a class without clips', () => {
    const weights = effectiveNumberWeights([3, 0, 40], 0.9);
    expect(weights[0] / weights[2]).toBeCloseTo((1 - 0.9 ** 40) / (1 - 0.9 ** 3), 10);
    expect(weights[1]).toBe(0);
    expect(weights[0] + weights[2]).toBeCloseTo(2, 10);
  });

  it('cannot be had without a clip', () => {
    expect(() => effectiveNumberWeights([0, 0])).toThrow('counts: no class has a clip, expected one at least');
    expect(() => effectiveNumberWeights([1], 1)).toThrow('beta: found 1');
  });
});

const golden = new URL('../../../../../../shared/golden/recognition/manet_head/', import.meta.url);

describe.skipIf(!existsSync(golden))('the losses of MANet (skipped without shared/golden)', () => {
  it('are those of the official code, to 1e-6', async () => {
    const read = (file: string) => readSafetensors(readFileSync(new URL(file, golden)), file).tensors;
    const [inputs, outputs] = [read('inputs.safetensors'), read('outputs.safetensors')];
    const numbers = (from: typeof inputs, name: string) => {
      const found = from.get(name);
      if (!found) throw new Error(`the case lacks ${name}`);
      return numbersOf(found);
    };
    const labels = Array.from(numbers(inputs, 'labels'), Number);
    const targets = new Float32Array(3 * 52);
    for (const [clip, label] of labels.entries()) targets[52 * clip + label] = 1;
    const as = (data: ArrayLike<number>, shape: readonly number[]) => constant(Float32Array.from(data), { shape });
    const classification = classificationLoss(as(numbers(outputs, 'cls_score'), [3, 52]), as(targets, [3, 52]));
    // What the three labels mean, each in the row of its class.
    const vectors = new Float32Array(52 * 300);
    for (const [clip, label] of labels.entries()) {
      vectors.set(numbers(inputs, 'emb').subarray(300 * clip, 300 * (clip + 1)), 300 * label);
    }
    const embedding = embeddingLoss(
      as(numbers(outputs, 'emb_score'), [3, 300]),
      as(targets, [3, 52]),
      as(vectors, [52, 300]),
    );
    const [[entropy], [square]] = [await values(classification), await values(embedding)];
    expect(entropy).toBeCloseTo(numbers(outputs, 'loss_ce')[0], 5);
    expect(square).toBeCloseTo(numbers(outputs, 'loss_mse')[0], 6);
    expect((entropy + 50 * square) / numbers(outputs, 'loss_total')[0]).toBeCloseTo(1, 6);
  });
});

type Sample = ReturnType<typeof sample>;

const tensor = ({ shape, values }: Sample): Tensor => constant(values, { shape, dtype: 'float64' });
const single = ({ shape, values }: Sample): Tensor => constant(Float32Array.from(values), { shape });
const constantLike = ({ dtype }: Tensor, { shape, values }: Sample): Tensor => constant(values, { shape, dtype });

/** What a tensor that depends on constants alone is. The input keeps the engine from being asked for nothing. */
async function values(y: Tensor): Promise<number[]> {
  await using program = await compile({ y, nothing: input('nothing', [1]) }, { threads: 1 });
  const found = await program.run({ nothing: Float32Array.of(0) });
  return Array.from(found.y.data as Exclude<TypedArray, BigInt64Array | BigUint64Array>, Number);
}

function rowSum(values: Float64Array, at: number, width: number): number {
  const row = at - (at % width);
  return values.subarray(row, row + width).reduce((a, b) => a + b);
}

/** The formulas, one number after the other. */
function byHand(
  logits: Float64Array,
  targets: Float64Array,
  options: { labelSmoothing?: number; focalGamma?: number; classWeights?: number[] },
): number {
  const { labelSmoothing = 0, focalGamma = 0, classWeights = [1, 1, 1, 1, 1] } = options;
  const shares = logits.map(Math.exp).map((each, i, all) => each / rowSum(all, i, 5));
  let [loss, weight] = [0, 0];
  shares.forEach((share, i) => {
    const target = targets[i] * (1 - labelSmoothing) + labelSmoothing / 5;
    loss -= target * Math.log(share) * (1 - share) ** focalGamma * classWeights[i % 5];
    weight += targets[i] * classWeights[i % 5];
  });
  return loss / weight;
}
