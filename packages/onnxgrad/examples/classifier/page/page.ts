/** Trains the classifier in this page, and shows how it gets on. */
import { MotionClassifier } from '../model.ts';
import { makeMotions, movements, randomNumbers } from '../movements.ts';
import { type TrainOptions, train } from '../train.ts';
import { accuracy } from '../verdicts.ts';
import { byId } from './element.ts';
import { drawLossCurve } from './lossCurve.ts';
import { showShares, startPad } from './pad.ts';
import { startTheme } from './theme.ts';
import { trackTiles } from './trackTiles.ts';

const steps = 300;
const heldOut = makeMotions(500, randomNumbers(2));
const tiles = trackTiles(heldOut);
const startButton = byId<HTMLButtonElement>('start');
const device = byId<HTMLSelectElement>('device');

let isWanted = false;
let losses: number[] = [];
let stopPad = async () => {};
let seed = 0;

startTheme();
drawLossCurve(losses, steps);
showShares(new Float32Array(movements.length));
new ResizeObserver(() => drawLossCurve(losses, steps)).observe(byId('curve'));
void offerGpu();

startButton.addEventListener('click', async () => {
  if (isWanted) {
    isWanted = false;
    return;
  }
  isWanted = true;
  startButton.textContent = 'Stop';
  device.disabled = true;
  say('Getting ready …');
  try {
    await stopPad();
    await learn(device.value as TrainOptions['device']);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  }
  isWanted = false;
  startButton.textContent = 'Start again';
  device.disabled = false;
});

/** Trains a new model until it is done or the button is pressed. */
async function learn(device: TrainOptions['device']): Promise<void> {
  seed++;
  losses = [];
  invite('Train first.');
  const model = new MotionClassifier(seed);
  let start = performance.now();
  let painted = start;
  for await (const { step, loss, shares } of train(model, heldOut, { steps, seed, device })) {
    losses.push(loss);
    if (shares) {
      tiles.show(shares);
      byId('accuracy').textContent = `${(accuracy(shares, heldOut) * 100).toFixed(1)} %`;
    }
    // The first step also makes the engine ready.
    if (step === 1) start = performance.now();
    if (performance.now() - painted > 30 || step === steps) {
      say('');
      byId('step').textContent = `${step} of ${steps}`;
      byId('loss').textContent = loss.toFixed(3);
      if (step > 5) byId('speed').textContent = ((1000 * (step - 1)) / (performance.now() - start)).toFixed(0);
      drawLossCurve(losses, steps);
      await new Promise((resolve) => setTimeout(resolve));
      painted = performance.now();
    }
    if (!isWanted) break;
  }
  stopPad = await startPad(model);
  invite('Nod, shake, tilt or tap with the pointer in here; a finger’s width is enough.');
}

/** Offers the graphics processor where this browser has one. */
async function offerGpu(): Promise<void> {
  const gpu = (navigator as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu;
  if (await gpu?.requestAdapter()) device.add(new Option('graphics (webgpu)', 'webgpu'));
}

function say(text: string): void {
  byId('message').textContent = text;
}

function invite(text: string): void {
  byId('invitation').textContent = text;
}
