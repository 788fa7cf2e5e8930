// Okabe-Ito, which colour-blind people can tell apart. One hue a body part, in the order of the taxonomy's
// body parts, everywhere: time line, plots, tables.
const hues = ['#E69F00', '#56B4E9', '#009E73', '#F0E442', '#0072B2', '#D55E00', '#CC79A7'] as const;

/** The hue of the body part at a position in `Taxonomy.bodyParts`; grey past the seventh. */
export function bodyPartHue(position: number): string {
  return hues[position] ?? '#999999';
}
