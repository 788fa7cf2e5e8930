/** What the tour points at: controls carry `data-tour="..."` with one of these. */
export const tourAnchors = ['play', 'palette', 'timeline', 'proposal', 'submit'] as const;
export type TourAnchor = (typeof tourAnchors)[number];
