import { freshContext, type Inks } from './canvas.ts';
import { type Colour, cssColour, inkOn, mix, parseColour, standingOut } from './colour.ts';
import { firstEndingAfter } from './lanes.ts';
import { layOutRows, type Row, rowPadding } from './rows.ts';
import type { Item, PageState } from './state.ts';
import { timeText } from './timeText.ts';

/** The rows of instances, one a body part, on a canvas. */
export class TimeLineView {
  readonly canvas: HTMLCanvasElement;
  readonly #state: PageState;
  readonly #hues: readonly Colour[];
  readonly #textWidths = new Map<string, number>();
  #rows: Row[] = [];
  hovered: Item | undefined;

  constructor(canvas: HTMLCanvasElement, state: PageState) {
    this.canvas = canvas;
    this.#state = state;
    this.#hues = state.data.bodyParts.map((part) => parseColour(part.hue));
    this.layOut();
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** Call when other instances are shown. */
  layOut(): void {
    this.#rows = layOutRows(this.#state.shown, this.#state.data.bodyParts.length, Math.max(190, innerHeight * 0.36));
    const last = this.#rows[this.#rows.length - 1];
    this.canvas.style.height = `${last ? last.top + last.height : 0}px`;
  }

  /** The instance under a point of the canvas, with two pixels of grace for very short ones. */
  itemAt(x: number, y: number): Item | undefined {
    const row = this.#rows.find((candidate) => y >= candidate.top && y < candidate.top + candidate.height);
    const lane = row?.lanes[Math.floor((y - row.top - rowPadding) / row.laneHeight)];
    if (!lane) return undefined;
    const { scale } = this.#state;
    const at = firstEndingAfter(lane, scale.toSeconds(x - 2));
    return [lane[at], lane[at - 1]].find(
      (item) => item && scale.toX(item.start) - 2 <= x && x <= scale.toX(item.end) + 2,
    );
  }

  draw(): void {
    const { context, inks, width, height } = freshContext(this.canvas);
    this.#drawGrid(context, inks, width, height);
    for (const row of this.#rows) {
      row.lanes.forEach((lane, i) => {
        this.#drawLane(context, inks, row, lane, row.top + rowPadding + i * row.laneHeight);
      });
    }
  }

  #drawGrid(context: CanvasRenderingContext2D, inks: Inks, width: number, height: number): void {
    for (const row of this.#rows) {
      if (!this.#state.partIsShown(row.part)) {
        context.fillStyle = cssColour(inks.faint);
        context.fillRect(0, row.top, width, row.height);
      }
      context.fillStyle = cssColour(inks.line);
      context.fillRect(0, row.top + row.height - 1, width, 1);
    }
    for (const { seconds, major } of this.#state.scale.ticks()) {
      context.fillStyle = cssColour(mix(inks.line, inks.ground, major ? 0.9 : 0.4));
      context.fillRect(Math.round(this.#state.scale.toX(seconds)), 0, 1, height);
    }
  }

  #drawLane(context: CanvasRenderingContext2D, inks: Inks, row: Row, lane: readonly Item[], top: number): void {
    const { scale } = this.#state;
    const height = row.laneHeight - (row.laneHeight > 10 ? 2 : 1);
    for (let i = firstEndingAfter(lane, scale.start); i < lane.length && lane[i].start < scale.end; i++) {
      const left = scale.toX(lane[i].start);
      const barWidth = Math.max(2, scale.toX(lane[i].end) - left);
      const roomEnds = i + 1 < lane.length ? scale.toX(lane[i + 1].start) : scale.width;
      this.#drawBar(context, inks, lane[i], { left, top, width: barWidth, height }, roomEnds);
    }
  }

  #drawBar(context: CanvasRenderingContext2D, inks: Inks, item: Item, box: Box, roomEnds: number): void {
    const hue = this.#hues[item.kind.part];
    const fill = shade(hue, inks.ground, item.score);
    context.fillStyle = cssColour(fill);
    context.fillRect(box.left, box.top, box.width, box.height);
    if (box.width > 3 && box.height > 5) {
      context.strokeStyle = cssColour(standingOut(hue, inks.ground, 3));
      context.lineWidth = 1;
      context.strokeRect(box.left + 0.5, box.top + 0.5, box.width - 1, box.height - 1);
    }
    if (item === this.#state.selected || item === this.hovered) {
      const reach = item === this.#state.selected ? 2 : 1;
      context.strokeStyle = cssColour(inks.text);
      context.lineWidth = reach;
      context.strokeRect(box.left - reach / 2, box.top - reach / 2, box.width + reach, box.height + reach);
    }
    if (box.height >= 12) this.#drawLabel(context, item, box, roomEnds, inkOn(fill), inks.text);
  }

  /** In the bar where it fits, behind it where there is room, else the code alone. */
  #drawLabel(
    context: CanvasRenderingContext2D,
    item: Item,
    box: Box,
    roomEnds: number,
    inside: Colour,
    outside: Colour,
  ): void {
    const middle = box.top + box.height / 2 + 0.5;
    const from = Math.max(box.left, 0) + 4; // in view also where the bar begins before it
    const right = box.left + box.width;
    const fits = (text: string, room: number) => this.#widthOf(context, text) <= room;
    const put = (text: string, x: number, ink: Colour) => {
      context.fillStyle = cssColour(ink);
      context.fillText(text, x, middle);
    };
    const { name, code } = item.kind;
    if (fits(name, right - from - 3)) put(name, from, inside);
    else if (fits(name, roomEnds - right - 10)) put(name, right + 4, outside);
    else if (fits(code, right - from - 1)) put(code, from, inside);
    else if (fits(code, roomEnds - right - 6)) put(code, right + 3, outside);
  }

  #widthOf(context: CanvasRenderingContext2D, text: string): number {
    let width = this.#textWidths.get(text);
    if (width === undefined) this.#textWidths.set(text, (width = context.measureText(text).width));
    return width;
  }
}

/** The fuller the hue, the surer. */
export function shade(hue: Colour, ground: Colour, score: number): Colour {
  return mix(hue, ground, 0.2 + 0.8 * Math.min(1, Math.max(0, score)));
}

/** The round times above the rows, on a canvas of their own. */
export function drawAxis(canvas: HTMLCanvasElement, state: PageState): void {
  const { context, inks, width, height } = freshContext(canvas);
  const { scale } = state;
  const ticks = scale.ticks();
  const majors = ticks.filter((tick) => tick.major);
  const step = majors.length > 1 ? majors[1].seconds - majors[0].seconds : scale.span;
  const decimals = step >= 0.999 ? 0 : step >= 0.0999 ? 1 : 2;
  for (const { seconds, major } of ticks) {
    const x = Math.round(scale.toX(seconds));
    context.fillStyle = cssColour(mix(inks.text, inks.ground, major ? 0.7 : 0.35));
    context.fillRect(x, height - (major ? 7 : 4), 1, major ? 7 : 4);
    if (!major) continue;
    const text = timeText(seconds, decimals);
    const textWidth = context.measureText(text).width;
    context.fillStyle = cssColour(inks.text);
    context.fillText(text, Math.min(Math.max(x - textWidth / 2, 1), width - textWidth - 1), height / 2 - 3);
  }
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
