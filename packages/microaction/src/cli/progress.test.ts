import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { displayWidth } from './printable.ts';
import { progressDisplay } from './progress.ts';
import { Session } from './session.ts';

/** Where standard error goes: a terminal of so many columns, or a file. */
class Sink extends Writable {
  text = '';
  readonly isTTY: boolean;
  readonly columns: number | undefined;

  constructor(columns?: number) {
    super();
    this.isTTY = columns !== undefined;
    this.columns = columns;
  }

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk;
    done();
  }
}

function displayOn(sink: Sink, { quiet = false, videos = 1 } = {}) {
  const stream = sink as unknown as NodeJS.WriteStream;
  return progressDisplay(new Session({ stdout: stream, stderr: stream }, new AbortController().signal), {
    quiet,
    videos,
  });
}

/** Work on 60 s of video at ten times real time, told four times a second. */
function work(display: ReturnType<typeof displayOn>, name: string): void {
  display.begin(name);
  for (let doneSeconds = 0; doneSeconds <= 60; doneSeconds += 2.5) {
    display.update({ stage: 'following the person', doneSeconds, totalSeconds: 60 });
    vi.advanceTimersByTime(250);
  }
}

describe('progress', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('on a terminal is a bar with stage, rate and time left, which is gone at the end', () => {
    const sink = new Sink(120);
    const display = displayOn(sink, { videos: 2 });
    work(display, 'nod.mp4');
    const shown = stripVTControlCharacters(sink.text).split('\r');
    expect(shown).toContain(
      '[1/2] nod.mp4  ━━━━━━━━━━━━━━━───────────────  following the person   50 %  10.0 x real time  0:03 left',
    );
    display.end('3 instances');
    expect(sink.text.endsWith('\r\x1b[K')).toBe(true);
    expect(sink.text).not.toContain('\n');
  });

  it('never fills the line of a terminal, whatever the video is called', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 120 }),
        fc.integer({ min: 20, max: 160 }),
        (name, columns) => {
          const sink = new Sink(columns);
          work(displayOn(sink, { videos: 12 }), name);
          for (const line of stripVTControlCharacters(sink.text).split('\r')) {
            expect(displayWidth(line)).toBeLessThan(columns);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('elsewhere is a line at the start, every 10 s and at the end', () => {
    const sink = new Sink();
    const display = displayOn(sink);
    work(display, 'nod.mp4');
    vi.advanceTimersByTime(10_000);
    display.update({ stage: 'reading the motion', doneSeconds: 0, totalSeconds: 60 });
    display.end('3 instances');
    expect(sink.text.split('\n')).toEqual([
      'nod.mp4: started',
      'nod.mp4: reading the motion, 0 %',
      'nod.mp4: 3 instances, took 16.3 s',
      '',
    ]);
  });

  it('is nothing where it is not wanted', () => {
    const sink = new Sink(80);
    const display = displayOn(sink, { quiet: true });
    work(display, 'nod.mp4');
    display.end('3 instances');
    expect(sink.text).toBe('');
  });
});
