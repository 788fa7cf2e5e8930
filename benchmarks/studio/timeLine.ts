/**
 * The editor's time line with 2,000 instances of simulated people all in view: playing, scrubbing, zooming and
 * dragging, beside the plain way of one absolutely positioned element an instance, in turns in the same run.
 *
 *   npx node benchmarks/studio/timeLine.ts [--instances 2000] [--seconds 3] [--rounds 3]
 *
 * Each scene does one step a frame of the screen, of which there are 60 a second; zooming goes from all to two thirds
 * of the video and back. Work is the time in our event handlers and painting. What follows it, layout and filling of
 * pixels, is in the processor time a frame of the page's whole process, which other load on the machine does not
 * lengthen; the two ways are compared by it. Headless Chromium draws without a graphics card, so a coder's machine is
 * quicker.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { bundledTimeLine, prepare } from '../../packages/studio/src/web/timeline/testing.ts';
import { launch } from '../../scripts/chromium.ts';

type Kind = 'canvas' | 'elements';
type Scene = 'playing' | 'scrubbing' | 'zooming' | 'dragging';

interface Figures {
  readonly framesPerSecond: number;
  /** Of each frame, in milliseconds. */
  readonly work: readonly number[];
  /** Of all threads of the page, in milliseconds. */
  readonly processorPerFrame: number;
}

const { values } = parseArgs({
  options: {
    instances: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
  },
});
const [count, seconds, rounds] = [values.instances, values.seconds, values.rounds].map(Number);
const videoSeconds = 600;
const scenes: readonly Scene[] = ['playing', 'scrubbing', 'zooming', 'dragging'];
const size = { width: 1280, height: 820 };

const script = await bundledTimeLine();
const browser = await launch();
try {
  const runs = new Map<string, Figures[]>();
  for (let round = 0; round < rounds; round++) {
    for (const scene of scenes) {
      for (const kind of ['canvas', 'elements'] as const) {
        const name = `${scene} ${kind}`;
        runs.set(name, [...(runs.get(name) ?? []), await measure(kind, scene)]);
      }
    }
  }
  console.log(`${count} instances in ${videoSeconds} s of video, all in view on ${size.width} x ${size.height} pixels`);
  console.log(
    `${cpus()[0].model}, Chromium ${browser.version()}, headless, no graphics card; ${rounds} x ${seconds} s`,
  );
  console.log('\nscene      way        frames/s  work: median ms  worst 1 % ms  processor ms  ratio');
  for (const scene of scenes) {
    const [ours, theirs] = (['canvas', 'elements'] as const).map((kind) => runs.get(`${scene} ${kind}`)!);
    report(scene, 'canvas', ours, processor(theirs) / processor(ours));
    report(scene, 'elements', theirs);
  }
  console.log('\nratio: processor time of elements by that of the canvas; above 1 the canvas is quicker');
} finally {
  await browser.close();
}

// ---

function report(scene: Scene, kind: Kind, runs: readonly Figures[], ratio?: number): void {
  const work = runs.flatMap((run) => run.work);
  const rate = median(runs.map(({ framesPerSecond }) => framesPerSecond));
  const cells = [rate.toFixed(1), median(work).toFixed(2), quantile(work, 0.99).toFixed(2), processor(runs).toFixed(2)];
  const row = [...cells, ratio?.toFixed(1) ?? ''].map((cell, i) => cell.padStart([8, 17, 14, 14, 7][i])).join('');
  console.log(`${scene.padEnd(11)}${kind.padEnd(11)}${row}`);
}

function processor(runs: readonly Figures[]): number {
  return median(runs.map(({ processorPerFrame }) => processorPerFrame));
}

function median(all: readonly number[]): number {
  return quantile(all, 0.5);
}

function quantile(all: readonly number[], share: number): number {
  const sorted = [...all].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

async function measure(kind: Kind, scene: Scene): Promise<Figures> {
  const page = await browser.newPage({ viewport: size });
  try {
    await prepare(page, script, size);
    await page.evaluate(setScene, { kind, scene, count, videoSeconds });
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const processorSeconds = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'ProcessTime')!.value;
    };
    const before = await processorSeconds();
    const { frames, tookSeconds, work } = await page.evaluate(runScene, seconds);
    const spent = (await processorSeconds()) - before;
    return { framesPerSecond: frames / tookSeconds, work, processorPerFrame: (spent / frames) * 1000 };
  } finally {
    await page.close();
  }
}

/** Runs in the page: does one step of the scene a frame, and measures. */
async function runScene(seconds: number) {
  const nextFrame = requestAnimationFrame.bind(globalThis);
  let workInFrame = 0;
  const timed = (does: () => void) => {
    const start = performance.now();
    does();
    workInFrame += performance.now() - start;
  };
  globalThis.requestAnimationFrame = (callback) => nextFrame((now) => timed(() => callback(now)));
  const work: number[] = [];
  const began = performance.now();
  let frames = 0;
  await new Promise<void>((done) => {
    const tick = () => {
      if (frames > 10) work.push(workInFrame); // the first ones warm up
      workInFrame = 0;
      timed(() => globalThis.step(frames++));
      if (performance.now() - began < seconds * 1000) nextFrame(tick);
      else done();
    };
    nextFrame(tick);
  });
  return { frames, tookSeconds: (performance.now() - began) / 1000, work };
}

/** Runs in the page: shows all instances in one way, and leaves what a scene does in a frame as `step`. */
async function setScene(asked: { kind: Kind; scene: Scene; count: number; videoSeconds: number }) {
  const { kind, scene, count, videoSeconds } = asked;
  const { timeLine: code } = globalThis;
  const host = document.querySelector('#host') as HTMLElement;
  const instances = code.simulatedInstances(count, videoSeconds);
  globalThis.step = kind === 'canvas' ? canvasSteps() : elementSteps();
  await new Promise((done) => setTimeout(done, 300));

  function canvasSteps(): (frame: number) => void {
    const { timeLine, told } = code.openTimeLine(host, videoSeconds, instances);
    timeLine.setRows([{ id: 'motion', title: 'motion', values: code.motionOf(instances, videoSeconds) }]);
    const scroller = host.querySelector('div[tabindex="-1"]')!;
    if (scroller.scrollHeight > scroller.clientHeight) throw new Error('Not all instances are in view: more height.');
    const plot = timeLine.element;
    plot.setPointerCapture = () => {}; // the pointer of these events does not exist
    const { left, top, width, height } = plot.getBoundingClientRect();
    const pointer = (type: string, x: number, y: number) =>
      plot.dispatchEvent(
        new PointerEvent(type, { clientX: left + x, clientY: top + y, pointerId: 1, isPrimary: true, bubbles: true }),
      );
    const wheel = (deltaY: number) =>
      plot.dispatchEvent(
        new WheelEvent('wheel', {
          clientX: left + width / 2,
          clientY: top + 200,
          deltaY,
          ctrlKey: true,
          cancelable: true,
        }),
      );
    if (scene === 'playing') return (frame) => timeLine.setPlayhead(frame / 60, { follow: true });
    if (scene === 'zooming') return (frame) => wheel(frame % 40 < 20 ? -4 : 4);
    const swing = (frame: number) => width / 2 + (width / 2 - 60) * Math.sin(frame / 25);
    if (scene === 'scrubbing') {
      pointer('pointerdown', swing(0), height - 40);
      return (frame) => {
        pointer('pointermove', swing(frame), height - 40);
        timeLine.setPlayhead((swing(frame) / width) * videoSeconds);
      };
    }
    const taken = instances.find(({ start, end }) => start > videoSeconds / 2 && end - start > 8)!;
    const x = ((taken.start + taken.end) / 2 / videoSeconds) * width;
    let y = 0;
    while (told.at(-1)?.[0] !== 'hover' || told.at(-1)?.[1] !== taken.id) pointer('pointermove', x, ++y);
    pointer('pointerdown', x, y);
    return (frame) => pointer('pointermove', swing(frame), y);
  }

  /** One element an instance in lanes of its part, placed anew whenever the view changes. */
  function elementSteps(): (frame: number) => void {
    const width = host.clientWidth - 180;
    host.style.position = 'relative';
    const lanes: number[][] = code.microActions52.bodyParts.map(() => []);
    const bars = instances.map(({ action, start, end }) => {
      const part = code.microActions52.bodyParts.indexOf(code.microActions52.bodyPartOf(action));
      let lane = lanes[part].findIndex((busyUntil) => busyUntil <= start);
      if (lane < 0) lane = lanes[part].length;
      lanes[part][lane] = end;
      const bar = document.createElement('div');
      bar.textContent = action;
      Object.assign(bar.style, {
        position: 'absolute',
        height: '12px',
        font: '11px sans-serif',
        overflow: 'hidden',
        whiteSpace: 'nowrap',
        textOverflow: 'ellipsis',
        boxSizing: 'border-box',
        border: '1px solid',
        background: '#56B4E9',
      });
      return { bar, start, end, part, lane };
    });
    const tops = lanes.map((_, part) => lanes.slice(0, part).reduce((sum, { length }) => sum + length * 14, 28));
    for (const { bar, part, lane } of bars) bar.style.top = `${tops[part] + lane * 14}px`;
    const playhead = document.createElement('div');
    Object.assign(playhead.style, { position: 'absolute', top: '0', width: '1px', height: '100%', background: 'red' });
    host.style.overflow = 'hidden';
    host.append(...bars.map(({ bar }) => bar), playhead);
    let [from, span] = [0, videoSeconds];
    const place = ({ bar, start, end }: (typeof bars)[number]) => {
      bar.style.left = `${((start - from) / span) * width}px`;
      bar.style.width = `${Math.max(2, ((end - start) / span) * width)}px`;
    };
    bars.forEach(place);
    const swing = (frame: number) => width / 2 + (width / 2 - 60) * Math.sin(frame / 25);
    if (scene === 'playing') return (frame) => void (playhead.style.left = `${(frame / 60 / videoSeconds) * width}px`);
    if (scene === 'scrubbing') return (frame) => void (playhead.style.left = `${swing(frame)}px`);
    if (scene === 'dragging') return (frame) => void (bars[1000 % bars.length].bar.style.left = `${swing(frame)}px`);
    return (frame) => {
      const wanted = span * (frame % 40 < 20 ? 1 / 1.027 : 1.027);
      from += (span - wanted) / 2;
      span = wanted;
      bars.forEach(place);
    };
  }
}

declare global {
  var timeLine: typeof import('../../packages/studio/src/web/timeline/testingPage.ts');
  var step: (frame: number) => void;
}
