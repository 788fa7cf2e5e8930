import { styleText } from 'node:util';
import { displayWidth, printable, truncate } from './printable.ts';
import type { Session } from './session.ts';
import { formatClock } from './times.ts';

/** How far work has come, counted in seconds of video. */
export interface Progress {
  /** What is being done, in a word; each stage is timed by itself. */
  readonly stage: string;
  readonly doneSeconds: number;
  readonly totalSeconds: number;
}

/** Tells a waiting person how far the work on a video has come. */
export interface ProgressDisplay {
  begin(video: string): void;
  update(progress: Progress): void;
  /** Takes the display away. `outcome` says in a few words how it went; absent where an error says it. */
  end(outcome?: string): void;
}

/** A bar on a terminal, lines at the start, the end and every 10 s elsewhere, nothing where `quiet`. */
export function progressDisplay(
  { stderr, environment }: Session,
  { quiet, videos }: { readonly quiet: boolean; readonly videos: number },
): ProgressDisplay {
  if (quiet) return { begin() {}, update() {}, end() {} };
  return stderr.isTTY && environment.TERM !== 'dumb' ? new Bar(stderr, videos) : new Lines(stderr, videos);
}

// ---- below: internals ----

/** Where the work on one video stands; each stage is timed by itself. */
class Standing {
  readonly title: string;
  #stage = '';
  #stageStartedMs = performance.now();
  #doneSeconds = 0;
  #totalSeconds = 0;

  constructor(title: string) {
    this.title = title;
  }

  update({ stage, doneSeconds, totalSeconds }: Progress): void {
    if (stage !== this.#stage) this.#stageStartedMs = performance.now();
    this.#stage = stage;
    this.#doneSeconds = doneSeconds;
    this.#totalSeconds = totalSeconds;
  }

  get stage(): string {
    return this.#stage;
  }

  /** 0 to 1 */
  get fraction(): number {
    return this.#totalSeconds > 0 ? Math.min(1, this.#doneSeconds / this.#totalSeconds) : 0;
  }

  /** `42 %   8.3 x real time   0:42 left`; only what is known yet. */
  get parts(): string[] {
    const elapsedSeconds = (performance.now() - this.#stageStartedMs) / 1000;
    if (this.#totalSeconds <= 0) return [];
    const percent = `${String(Math.floor(this.fraction * 100)).padStart(3)} %`;
    if (this.#doneSeconds <= 0 || elapsedSeconds < 0.5) return [percent];
    const rate = this.#doneSeconds / elapsedSeconds;
    const left = Math.max(0, this.#totalSeconds - this.#doneSeconds) / rate;
    return [percent, `${rate.toPrecision(rate < 10 ? 2 : 3)} x real time`, `${formatClock(left)} left`];
  }
}

class Bar implements ProgressDisplay {
  readonly #stream: NodeJS.WriteStream;
  readonly #numbered: (video: string) => string;
  #standing: Standing | undefined;
  #drawnMs = 0;

  constructor(stream: NodeJS.WriteStream, videos: number) {
    this.#stream = stream;
    this.#numbered = counter(videos);
  }

  begin(video: string): void {
    this.#standing = new Standing(this.#numbered(video));
    this.#draw();
  }

  update(progress: Progress): void {
    this.#standing?.update(progress);
    if (performance.now() - this.#drawnMs >= redrawMs) this.#draw();
  }

  end(): void {
    this.#standing = undefined;
    this.#stream.write('\r\x1b[K');
  }

  #draw(): void {
    if (!this.#standing) return;
    this.#drawnMs = performance.now();
    // Room is left for the `^C` that a terminal echoes.
    const columns = (this.#stream.columns ?? 80) - 3;
    const { stage, fraction, parts } = this.#standing;
    const numbers = [stage, ...parts].filter(Boolean).join('  ');
    const title = truncate(this.#standing.title, Math.max(8, columns - displayWidth(numbers) - 2));
    const barCells = Math.min(30, columns - displayWidth(title) - displayWidth(numbers) - 4);
    if (barCells < 5) {
      this.#stream.write(`\r${truncate(`${title}  ${numbers}`, columns)}\x1b[K`);
      return;
    }
    const full = Math.round(fraction * barCells);
    const bar =
      styleText('cyan', '━'.repeat(full), { stream: this.#stream }) +
      styleText('dim', '─'.repeat(barCells - full), { stream: this.#stream });
    this.#stream.write(`\r${title}  ${bar}  ${numbers}\x1b[K`);
  }
}

class Lines implements ProgressDisplay {
  readonly #stream: NodeJS.WriteStream;
  readonly #numbered: (video: string) => string;
  #standing = new Standing('');
  #beganMs = 0;
  #saidMs = 0;

  constructor(stream: NodeJS.WriteStream, videos: number) {
    this.#stream = stream;
    this.#numbered = counter(videos);
  }

  begin(video: string): void {
    this.#standing = new Standing(this.#numbered(video));
    this.#beganMs = performance.now();
    this.#say('started');
  }

  update(progress: Progress): void {
    this.#standing.update(progress);
    if (performance.now() - this.#saidMs < lineMs) return;
    this.#say([this.#standing.stage, ...this.#standing.parts.map((part) => part.trim())].join(', '));
  }

  end(outcome?: string): void {
    if (outcome) this.#say(`${outcome}, took ${((performance.now() - this.#beganMs) / 1000).toFixed(1)} s`);
  }

  #say(what: string): void {
    this.#saidMs = performance.now();
    this.#stream.write(`${this.#standing.title}: ${what}\n`);
  }
}

const redrawMs = 100;
const lineMs = 10_000;

/** `[2/5] interview.mp4`, and the bare name where there is but one. */
function counter(videos: number): (video: string) => string {
  let number = 0;
  return (video) => {
    number++;
    return videos > 1 ? `[${number}/${videos}] ${printable(video)}` : printable(video);
  };
}
