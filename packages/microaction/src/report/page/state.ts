import type { PageAction, PageData, PageInstance } from '../pageData.ts';
import { restore } from '../quantised.ts';
import { TimeScale } from './timeScale.ts';

export interface Item extends PageInstance {
  /** From 1, in order of time, over all instances. */
  readonly number: number;
  readonly kind: PageAction;
}

export interface Curve {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** At `PageState.poseTimes`. */
  readonly values: Float64Array;
}

/** What changed: the window in view, the chosen instance or curve, or which instances are shown. */
export type Change = 'view' | 'selection' | 'filter';

/** All that the views show, and nothing of how. Views listen; commands change it. */
export class PageState {
  readonly data: PageData;
  readonly items: readonly Item[];
  readonly poseTimes: Float64Array;
  readonly curves: readonly Curve[];
  #scale: TimeScale;
  #selected: Item | undefined;
  #curve: Curve | undefined;
  #leastScore = 0;
  #hiddenParts = new Set<number>();
  #shown: readonly Item[];
  #listeners: ((change: Change) => void)[] = [];

  constructor(data: PageData) {
    this.data = data;
    this.items = data.instances.map((instance, i) => ({
      ...instance,
      number: i + 1,
      kind: data.actions[instance.action],
    }));
    this.poseTimes = data.pose ? restore(data.pose.times) : new Float64Array();
    this.curves = data.curves.map((curve) => ({ ...curve, values: restore(curve.values) }));
    this.#scale = new TimeScale(data.durationSeconds, 1);
    this.#shown = this.items;
    this.#curve = this.curves[0];
  }

  onChange(listener: (change: Change) => void): void {
    this.#listeners.push(listener);
  }

  get scale(): TimeScale {
    return this.#scale;
  }
  set scale(scale: TimeScale) {
    this.#scale = scale;
    this.#tell('view');
  }

  get selected(): Item | undefined {
    return this.#selected;
  }

  /** Also brings the instance and its curve into view. */
  select(item: Item | undefined): void {
    this.#selected = item;
    if (item) {
      this.#scale = this.#scale.showing(item.start, item.end);
      this.#curve = this.curves.find((curve) => curve.id === item.curve) ?? this.#curve;
    }
    this.#tell('selection');
  }

  get curve(): Curve | undefined {
    return this.#curve;
  }
  set curve(curve: Curve | undefined) {
    this.#curve = curve;
    this.#tell('selection');
  }

  /** The instances that pass the filters, in order of time. */
  get shown(): readonly Item[] {
    return this.#shown;
  }

  get leastScore(): number {
    return this.#leastScore;
  }
  set leastScore(score: number) {
    this.#leastScore = score;
    this.#filter();
  }

  partIsShown(part: number): boolean {
    return !this.#hiddenParts.has(part);
  }

  showParts(parts: readonly number[], show: boolean): void {
    for (const part of parts) {
      if (show) this.#hiddenParts.delete(part);
      else this.#hiddenParts.add(part);
    }
    this.#filter();
  }

  #filter(): void {
    this.#shown = this.items.filter((item) => item.score >= this.#leastScore && this.partIsShown(item.kind.part));
    if (this.#selected && !this.#shown.includes(this.#selected)) this.#selected = undefined;
    this.#tell('filter');
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}
