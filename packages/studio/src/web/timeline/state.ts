import type { Taxonomy } from 'microaction';
import { TimeScale } from 'microaction/time-line';
import { type Areas, divide } from './areas.ts';
import type { TextFitter } from './fitText.ts';
import { FrameGrid } from './frameGrid.ts';
import type { Hit } from './hitTest.ts';
import type { Palette } from './palette.ts';
import { layOutTiers, type Tier, type TierLayout } from './tierLayout.ts';
import type {
  TimeLineEdit,
  TimeLineInstance,
  TimeLineLayer,
  TimeLineMarks,
  TimeLineOptions,
  TimeLinePending,
  TimeLineRow,
  TimeLineTexts,
} from './types.ts';

/** What a drag shows until it ends. */
export interface DragShown {
  /** New times of what is dragged, by id. */
  readonly edits: ReadonlyMap<string, TimeLineEdit>;
  /** An instance being drawn, in its tier. */
  readonly draft?: { readonly tier: Tier; readonly start: number; readonly end: number };
  /** A moment that it has caught on. */
  readonly caughtAt?: number;
}

/** Everything that the time line shows. The painters read it; whoever changes it asks for the repaint. */
export class State {
  readonly taxonomy: Taxonomy;
  readonly partPositions: ReadonlyMap<string, number>;
  /** Codes of the actions by canonical name. */
  readonly codes: ReadonlyMap<string, string>;
  readonly #titles = new Map<string, string>();
  #texts: TimeLineTexts;
  grid: FrameGrid;
  palette: Palette;
  fitter: TextFitter;

  instances: readonly TimeLineInstance[] = [];
  layers: readonly TimeLineLayer[] = [];
  rows: readonly TimeLineRow[] = [];
  readonly byId = new Map<string, TimeLineInstance>();
  readonly unfolded = new Set<string>();
  showRejected = true;
  readOnly: boolean;
  snap = true;

  areas: Areas = divide(1, 1, 0);
  scale: TimeScale;
  scrollTop = 0;
  layout: TierLayout = { tiers: [], heightPixels: 0, places: new Map() };

  selection: ReadonlySet<string> = new Set();
  playhead = 0;
  pending: TimeLinePending | null = null;
  marks: TimeLineMarks | null = null;
  hovered: Hit | undefined;
  drag: DragShown | undefined;

  constructor(options: TimeLineOptions, palette: Palette, fitter: TextFitter) {
    this.taxonomy = options.taxonomy;
    this.partPositions = new Map(options.taxonomy.bodyParts.map(({ code }, position) => [code, position]));
    this.codes = new Map(options.taxonomy.actions.map(({ name, code }) => [name, code]));
    this.#texts = options.texts;
    this.grid = new FrameGrid(options.frameTimes, options.durationSeconds);
    this.scale = new TimeScale(options.durationSeconds, 1);
    this.readOnly = options.readOnly ?? false;
    this.palette = palette;
    this.fitter = fitter;
  }

  get texts(): TimeLineTexts {
    return this.#texts;
  }

  set texts(texts: TimeLineTexts) {
    this.#texts = texts;
    this.#titles.clear();
  }

  /** An action in the person's language; asked for once, for it is wanted at every painting. */
  titleOf(action: string): string {
    let title = this.#titles.get(action);
    if (title === undefined) this.#titles.set(action, (title = this.#texts.actionTitle(action)));
    return title;
  }

  /** Own instances that have a bar. */
  get shown(): readonly TimeLineInstance[] {
    return this.showRejected ? this.instances : this.instances.filter(({ state }) => state !== 'rejected');
  }

  /** Call when instances, layers, folding or the room changed. */
  layOut(): void {
    this.layout = layOutTiers({ ...this, instances: this.shown }, this.areas.tiers.height);
    this.scrollTo(this.scrollTop);
  }

  resize(widthPixels: number, heightPixels: number): void {
    this.areas = divide(widthPixels, heightPixels, this.rows.length);
    this.scale = this.scale.resized(widthPixels);
    this.layOut();
  }

  /** Call when instances or layers changed. */
  index(): void {
    this.byId.clear();
    for (const { instances } of this.layers) for (const instance of instances) this.byId.set(instance.id, instance);
    for (const instance of this.instances) this.byId.set(instance.id, instance);
  }

  scrollTo(top: number): void {
    this.scrollTop = Math.max(0, Math.min(top, this.layout.heightPixels - this.areas.tiers.height));
  }

  partOf(action: string): number {
    return this.partPositions.get(this.taxonomy.bodyPartOf(action).code) ?? this.partPositions.size;
  }

  /** Whether it is one's own, and not of a layer. */
  isOwn(id: string): boolean {
    return this.layout.places.get(id)?.tier.kind !== 'layer';
  }
}
