import { type Span, temporalIou } from '../annotation/temporalIou.ts';

/** For each coder, which of their spans is in the group; undefined where none is. */
export type Group = readonly (number | undefined)[];

/**
 * Puts together what several coders coded of one action: at most one span of each coder a group, any two of which
 * pass the test on their temporal IoU. Pairs of greatest overlap are joined first, so the order of the coders does
 * not matter. Every span is in one group, alone if need be.
 */
export function groupCodings(coders: readonly (readonly Span[])[], passes: (iou: number) => boolean): Group[] {
  const groups = coders.map((spans, coder) =>
    spans.map((_, index): (number | undefined)[] => coders.map((_, c) => (c === coder ? index : undefined))),
  );
  for (const { a, b } of pairsOf(coders, passes)) {
    const [left, right] = [groups[a.coder][a.index], groups[b.coder][b.index]];
    const fits = left.every((i, c) =>
      right.every((j, d) => {
        if (i === undefined || j === undefined) return true;
        return c !== d && passes(temporalIou(coders[c][i], coders[d][j]));
      }),
    );
    if (left === right || !fits) continue;
    right.forEach((index, coder) => {
      if (index === undefined) return;
      left[coder] = index;
      groups[coder][index] = left;
    });
  }
  return [...new Set(groups.flat())];
}

// ---- below: internals ----

interface Place {
  readonly coder: number;
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

function pairsOf(coders: readonly (readonly Span[])[], passes: (iou: number) => boolean) {
  const all = coders.flatMap((spans, coder) =>
    spans.map(({ start, end }, index): Place => ({ coder, index, start, end })),
  );
  all.sort((a, b) => a.start - b.start || a.end - b.end);
  const pairs: { a: Place; b: Place; iou: number }[] = [];
  let running: Place[] = [];
  for (const b of all) {
    running = running.filter(({ end }) => end > b.start);
    for (const a of running) {
      const iou = temporalIou(a, b);
      if (a.coder !== b.coder && passes(iou)) pairs.push({ a, b, iou });
    }
    running.push(b);
  }
  return pairs.sort((x, y) => y.iou - x.iou || x.a.start - y.a.start || x.a.end - y.a.end || x.b.start - y.b.start);
}
