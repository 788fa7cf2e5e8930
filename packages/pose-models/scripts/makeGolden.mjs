// Writes golden/*.json: what TensorFlow.js makes of the test picture, to compare the converted networks with.
// Run in a folder in which this has been installed (it is no dependency of the project):
//   npm install @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-converter@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0
//   node .../pose-models/scripts/makeGolden.mjs FOLDER     (the same FOLDER as for convert.ts)
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { testPicture } from './testPicture.ts';

const require = createRequire(join(process.cwd(), 'anything.js'));
const tf = require('@tensorflow/tfjs-core');
const { loadGraphModel } = require('@tensorflow/tfjs-converter');
require('@tensorflow/tfjs-backend-cpu');
await tf.setBackend('cpu');

const folder = process.argv[2];
const target = new URL('../golden/', import.meta.url);
mkdirSync(target, { recursive: true });

async function load(name) {
  const { modelTopology, weightsManifest, format } = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
  const bytes = readFileSync(join(folder, `${name}.bin`));
  const weightData = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const weightSpecs = weightsManifest.flatMap((group) => group.weights);
  return loadGraphModel({ load: async () => ({ modelTopology, weightSpecs, weightData, format }) });
}

function save(name, size, outputs) {
  const made = `tfjs ${tf.version_core}, backend cpu, scripts/makeGolden.mjs, testPicture(${size})`;
  const lines = Object.entries(outputs).map(
    ([key, values]) =>
      `  ${JSON.stringify(key)}: [${Array.from(values, (value) => Number(value.toPrecision(7))).join(', ')}]`,
  );
  writeFileSync(new URL(`${name}.json`, target), `{\n  "made": ${JSON.stringify(made)},\n${lines.join(',\n')}\n}\n`);
}

const image = (size) => tf.tensor4d(Float32Array.from(testPicture(size)), [1, size, size, 3]);

{
  const network = await load('movenet-thunder');
  const points = network.execute(tf.cast(image(256), 'int32'));
  const heat = network.execute(tf.cast(image(256), 'int32'), 'StatefulPartitionedCall/Sigmoid');
  // points: 17 x (y, x, score), as fractions of the picture. heatSample: every 997th value of [64, 64, 17].
  save('movenet-thunder', 256, { points: points.dataSync(), heatSample: sample(heat.dataSync(), 997) });
}
{
  const network = await load('blazepose-full');
  const [landmarks, presence] = network.execute(tf.div(image(256), 255), ['Identity_2', 'Identity_3']);
  // landmarks: 39 x (x, y, z, visibility, presence); pixels of the picture, the last two before the sigmoid.
  save('blazepose-full', 256, { landmarks: landmarks.dataSync(), presence: presence.dataSync() });
}
{
  const network = await load('blazepose-detector');
  const person = network.execute(tf.sub(tf.div(image(224), 127.5), 1)).dataSync(); // [2254, 13]: score, box, 4 points
  const best = Array.from({ length: person.length / 13 }, (_, anchor) => anchor)
    .sort((a, b) => person[b * 13] - person[a * 13])
    .slice(0, 3);
  const rows = best.flatMap((anchor) => [anchor, ...person.slice(anchor * 13, anchor * 13 + 13)]);
  // best: the three anchors with the highest scores, each: its number, then its 13 values.
  save('blazepose-detector', 224, { best: rows, sample: sample(person, 997) });
}

function sample(values, step) {
  return values.filter((_, index) => index % step === 0);
}
