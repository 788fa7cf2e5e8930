/** The detectors that there are, by the name that `--model` takes; the first is the default. */
export const detectorNames = ['kinematic'] as const;

export type DetectorName = (typeof detectorNames)[number];
