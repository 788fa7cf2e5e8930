/** What the tour points at, in its order: controls carry `data-tour="..."` with one of these. */
export const tourSteps = ['play', 'palette', 'timeline', 'proposal', 'submit'] as const;
export type TourStep = (typeof tourSteps)[number];

/** Where the control of a step is on screen; null where it is not shown now. */
export function anchorOf(step: TourStep): DOMRect | null {
  const rect = document.querySelector(`[data-tour="${step}"]`)?.getBoundingClientRect();
  return rect && rect.width > 0 ? rect : null;
}
