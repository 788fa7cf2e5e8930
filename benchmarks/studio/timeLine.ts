/**
 * The editor's time line with 2,000 instances of simulated people all in view: playing, scrubbing, zooming and
 * dragging, beside the plain way of one absolutely positioned element an instance, in turns in the same run.
 *
 *   npx node benchmarks/studio/timeLine.ts [--instances 2000] [--seconds 3] [--rounds 3]
 *
 * Each scene does one step a frame of the screen; zooming goes from all to two thirds of the video and back. `frames/s` is what a 60 Hz screen shows; `unbound` is as fast as
 * the browser can, which is what the two ways are compared by. Work is the time in event handlers and painting; layout
 * of elements, and some filling of a canvas's pixels, come after that and show in frames/s alone. Headless Chromium
 * draws without a graphics card, so a coder's machine is quicker.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { bundledTimeLine, prepare } from '../../packages/studio/src/web/timeline/testing.ts';
import { launch } from '../../scripts/chromium.ts';

type Kind = 'canvas' | 'elements';
type Scene = 'playing' | 'scrubbing' | 'zooming' | 'dragging';

interface Figures {
  readonly framesPerSecond: number;
  /** Of each frame, in milliseconds. */
  readonly work: readonly number[];
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
const screen = await launch();
const unbound = await launch(['--disable-frame-rate-limit', '--disable-gpu-vsync']);
try {
  const runs = new Map<string, { screen: Figures; unbound: Figures }[]>();
  for (let round = 0; round < rounds; round++) {
    for (const scene of scenes) {
      for (const kind of ['canvas', 'elements'] as const) {
        const run = { screen: await measure(screen, kind, scene), unbound: await measure(unbound, kind, scene) };
        runs.set(`${scene} ${kind}`, [...(runs.get(`${scene} ${kind}`) ?? []), run]);
      }
    }
  }
  console.log(`${count} instances in ${videoSeconds} s of video, all in view on ${size.width} x ${size.height} pixels`);
  console.log(`${cpus()[0].model}, Chromium ${screen.version()}, headless, no graphics card; ${rounds} x ${seconds} s`);
  console.log('\nscene      way        frames/s    unbound  work: median ms  worst 1 % ms  times as fast as elements');
  for (const scene of scenes) {
    const rates = (['canvas', 'elements'] as const).map((kind) => {
      const all = runs.get(`${scene} ${kind}`)!;
      const work = all.flatMap((run) => run.screen.work);
      const [shown, most] = (['screen', 'unbound'] as const).map((way) =>
        quantile(
          all.map((run) => run[way].framesPerSecond),
          0.5,
        ),
      );
      return { kind, shown, most, median: quantile(work, 0.5), worst: quantile(work, 0.99) };
    });
    for (const { kind, shown, most, median, worst } of rates) {
      const cells = [shown.toFixed(1), most.toFixed(1), median.toFixed(2), worst.toFixed(2)];
      const row = cells.map((cell, i) => cell.padStart([8, 11, 17, 14][i])).join('');
      const ratio = kind === 'canvas' ? (rates[0].most / rates[1].most).toFixed(1).padStart(12) : '';
      console.log(`${scene.padEnd(11)}${kind.padEnd(11)}${row}${ratio}`);
    }
  }
} finally {
  await Promise.all([screen.close(), unbound.close()]);
}

// ---

function quantile(all: readonly number[], share: number): number {
  const sorted = [...all].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

async function measure(browser: Browser, kind: Kind, scene: Scene): Promise<Figures> {
  const page = await browser.newPage({ viewport: size });
  try {
    await prepare(page, script, size);
    return await page.evaluate(runScene, { kind, scene, count, videoSeconds, seconds });
  } finally {
    await page.close();
  }
}

/** Runs in the page: sets one way up, does one step of the scene a frame, and counts. */
async function runScene(asked: { kind: Kind; scene: Scene; count: number; videoSeconds: number; seconds: number }) {
  const { kind, scene, count, videoSeconds, seconds } = asked;
  const { timeLine: code } = globalThis;
  const host = document.querySelector('#host') as HTMLElement;
  const instances = code.simulatedInstances(count, videoSeconds);
  const nextFrame = requestAnimationFrame.bind(globalThis);
  let workInFrame = 0;
  const timed = (does: () => void) => {
    const start = performance.now();
    does();
    workInFrame += performance.now() - start;
  };
  globalThis.requestAnimationFrame = (callback) => nextFrame((now) => timed(() => callback(now)));

  const step = kind === 'canvas' ? canvasSteps() : elementSteps();
  await new Promise((done) => setTimeout(done, 300));
  const work: number[] = [];
  let [began, frames] = [0, 0];
  await new Promise<void>((done) => {
    const tick = (now: number) => {
      began ||= now;
      if (frames > 10) work.push(workInFrame); // the first ones warm up
      workInFrame = 0;
      timed(() => step(frames++));
      if (now - began < seconds * 1000) nextFrame(tick);
      else done();
    };
    nextFrame(tick);
  });
  return { framesPerSecond: frames / ((performance.now() - began) / 1000), work };

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
}
