import { Initializer, parametersOf } from 'onnxgrad/nn';
import { groupParameters } from 'onnxgrad/optim';
import { expect, it } from 'vitest';
import { FrameRecogniser, type FrameRecogniserOptions } from '../../models/recognition/index.ts';
import { tsmGroups } from './tsmGroups.ts';

const tiny = { classes: 3, width: 8, depths: [1, 1, 1, 1] };
const defaults = { learningRate: 1, weightDecay: 0.1 };

/** Rate and decay of each weight by its name. */
function trained(options: FrameRecogniserOptions): Record<string, string> {
  const model = new FrameRecogniser(options, new Initializer(null));
  const groups = groupParameters(parametersOf(model), tsmGroups(model), defaults);
  expect(groups.some(({ name }) => name === 'default')).toBe(false);
  return Object.fromEntries(
    groups.flatMap(({ parameters, learningRate, weightDecay }) =>
      parameters.map(({ name }) => [name, `${learningRate} ${weightDecay}`]),
    ),
  );
}

it('trains the classifier of TSM fastest, biases without decay, norms at the common rate', () => {
  expect(trained({ kind: 'tsm', ...tiny })).toMatchObject({
    'backbone.conv1.conv.weight': '1 0.1',
    'backbone.conv1.bn.weight': '1 0',
    'backbone.conv1.bn.bias': '1 0',
    'backbone.layer4.0.conv1.conv.net.weight': '1 0.1',
    'cls_head.fc_cls.weight': '5 0.1',
    'cls_head.fc_cls.bias': '10 0',
  });
});

it('trains of MANet not the classifier fastest, but the last layer of the embedding', () => {
  expect(trained({ kind: 'manet', ...tiny })).toMatchObject({
    'backbone.layer1.0.conv1.conv.fcce.2.weight': '1 0.1',
    'cls_head.fc_cls.weight': '1 0.1',
    'cls_head.fc_cls.bias': '2 0',
    'cls_head.fc_emb_t.weight': '5 0.1',
    'cls_head.fc_emb_t.bias': '10 0',
  });
});

it('trains both layers of a hierarchical classifier alike', () => {
  expect(trained({ kind: 'tsm', ...tiny, parts: [0, 0, 1] })).toMatchObject({
    'cls_head.fc_cls.weight': '5 0.1',
    'cls_head.fc_part.weight': '5 0.1',
    'cls_head.fc_part.bias': '10 0',
  });
  const manet = trained({ kind: 'manet', ...tiny, parts: [0, 0, 1] });
  expect(manet).toMatchObject({ 'cls_head.fc_part.weight': '1 0.1', 'cls_head.fc_emb_t.weight': '5 0.1' });
});
