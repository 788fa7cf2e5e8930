import { styleText } from 'node:util';
import type { EventRecord, ValidationRecord } from '../../training/runLog.ts';
import type { TrainingObserver, TrainingProgress } from '../../training/trainer.ts';
import { displayWidth, truncate } from '../printable.ts';
import type { Session } from '../session.ts';
import { formatClock } from '../times.ts';

/** The measures of a validation in a few words. */
export type Summary = (measures: Readonly<Record<string, number>>) => string;

export interface TrainingDisplay extends Required<TrainingObserver> {
  end(): void;
}

/** Training as it comes along: a line that changes on a terminal, a line every 30 s elsewhere, nothing where quiet. */
export function trainingDisplay(
  { stderr, environment }: Session,
  { quiet, summary }: { readonly quiet: boolean; readonly summary: Summary },
): TrainingDisplay {
  if (quiet) return { step() {}, validation() {}, event() {}, end() {} };
  return new Lines(stderr, stderr.isTTY === true && environment.TERM !== 'dumb', summary);
}

// ---- below: internals ----

class Lines implements TrainingDisplay {
  readonly #stream: NodeJS.WriteStream;
  readonly #isLive: boolean;
  readonly #summary: Summary;
  #saidMs = Number.NEGATIVE_INFINITY;
  #loss: number | undefined;

  constructor(stream: NodeJS.WriteStream, isLive: boolean, summary: Summary) {
    this.#stream = stream;
    this.#isLive = isLive;
    this.#summary = summary;
  }

  step(progress: TrainingProgress): void {
    // Loss jumps from batch to batch: what is shown is a running mean.
    this.#loss = this.#loss === undefined ? progress.loss : 0.95 * this.#loss + 0.05 * progress.loss;
    const isOver = progress.step === progress.steps;
    if (!isOver && performance.now() - this.#saidMs < (this.#isLive ? 100 : 30_000)) return;
    this.#saidMs = performance.now();
    const parts = partsOf(progress, this.#loss);
    if (this.#isLive) this.#draw(progress.step / progress.steps, parts);
    else this.#stream.write(`${parts.join(', ')}\n`);
  }

  validation({ epoch, measures, seconds, isBest }: ValidationRecord): void {
    const parts = [`epoch ${epoch}`, this.#summary(measures), `in ${seconds.toFixed(1)} s`];
    this.#say(`${parts.join('  ')}${isBest ? styleText('green', '  best so far', { stream: this.#stream }) : ''}`);
  }

  event({ event, details, step }: EventRecord): void {
    if (event === 'skipped') {
      const { video, reason } = details as { video: string; reason: string };
      this.#say(`skipped ${video}: ${reason}`);
    } else if (event === 'resumed') this.#say(`goes on after step ${step}`);
  }

  end(): void {
    if (this.#isLive) this.#stream.write('\r\x1b[K');
  }

  #say(line: string): void {
    this.#stream.write(`${this.#isLive ? '\r\x1b[K' : ''}${line}\n`);
  }

  #draw(fraction: number, parts: readonly string[]): void {
    const columns = (this.#stream.columns ?? 80) - 3; // room for the `^C` that a terminal echoes
    const numbers = parts.join('  ');
    const cells = Math.min(24, columns - displayWidth(numbers) - 2);
    const full = Math.round(fraction * Math.max(0, cells));
    const bar =
      cells < 5
        ? ''
        : `${styleText('cyan', '━'.repeat(full), { stream: this.#stream })}${styleText('dim', '─'.repeat(cells - full), { stream: this.#stream })}  `;
    this.#stream.write(`\r${bar}${cells < 5 ? truncate(numbers, columns) : numbers}\x1b[K`);
  }
}

function partsOf(
  { epoch, epochs, step, steps, learningRates, stepsPerSecond }: TrainingProgress,
  loss: number,
): string[] {
  const rates = [...new Set(Object.values(learningRates).map((rate) => rate.toExponential(1)))].join('/');
  const speed =
    stepsPerSecond >= 0.1 ? `${stepsPerSecond.toPrecision(2)} steps/s` : `${(1 / stepsPerSecond).toFixed(0)} s/step`;
  return [
    `epoch ${epoch}/${epochs}`,
    `step ${step}/${steps}`,
    `loss ${loss.toPrecision(3)}`,
    `rate ${rates}`,
    speed,
    `${formatClock((steps - step) / stepsPerSecond)} left`,
  ];
}
