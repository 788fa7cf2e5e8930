import type { RecogniserWeights } from './loadRecogniser.ts';

/** What a file gave a recogniser and what not, for people; names with the same first two parts are counted together. */
export function weightsSummary({ layout, loaded, fresh, widened, dropped }: RecogniserWeights): string {
  const parts = [
    ['new', fresh],
    ['with new inputs, which begin with 0', widened],
    ['left out of the file', dropped],
  ] as const;
  const told = parts.flatMap(([what, names]) => (names.length > 0 ? [`${what}: ${grouped(names)}`] : []));
  return [`${loaded} tensors loaded, ${layout}`, ...told].join('; ');
}

// ---- below: internals ----

/** `cls_head.fc_cls (2), backbone.fast_path (315)` */
function grouped(names: readonly string[]): string {
  const groups = Map.groupBy(names, (name) => name.split('.').slice(0, 2).join('.'));
  return Array.from(groups, ([start, own]) => (own.length === 1 ? own[0] : `${start} (${own.length})`)).join(', ');
}
