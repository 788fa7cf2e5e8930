/**
 * What the annotators of the real data sets counted, so that simulated ones may be alike. MMA-52: the training split of
 * the official release (VUT-HFUT/MAC_2024_baseline, MMAD/PointTAD/data/mmad_video/anns/train.csv: 4,534 videos, 13,698
 * instances); its seconds are frames divided by the column `fps`. MA-52: the training list (VUT-HFUT/Micro-Action,
 * mar_scripts/manet/mmaction2/data/ma52: 11,250 clips).
 */

/** Instances in MMA-52, mean and standard deviation (of the population) of their seconds, clips in MA-52. */
export const countedActions: Readonly<
  Record<string, readonly [instances: number, meanSeconds: number, stdSeconds: number, trimmedClips: number]>
> = {
  'shaking body': [368, 4.74, 2.95, 309],
  'sitting straightly': [201, 2.39, 2.13, 150],
  shrugging: [128, 2.1, 1.25, 20],
  'turning around': [1, 1.3, 0.0, 9],
  'rising up': [96, 3.91, 2.53, 156],
  'bowing head': [357, 1.68, 1.42, 337],
  'head up': [168, 2.17, 1.99, 242],
  'tilting head': [887, 2.62, 2.35, 456],
  'turning head': [2039, 2.9, 2.54, 962],
  nodding: [1274, 2.19, 1.76, 1283],
  'shaking head': [651, 2.15, 2.03, 1193],
  'scratching arms': [239, 6.51, 4.27, 227],
  'playing objects': [407, 6.36, 4.19, 112],
  'putting hands together': [109, 4.02, 3.93, 95],
  'rubbing hands': [26, 3.22, 2.75, 42],
  'pointing oneself': [73, 3.21, 2.29, 82],
  'clenching fist': [26, 4.17, 3.65, 76],
  'stretching arms': [391, 3.81, 3.41, 355],
  'retracting arms': [47, 1.08, 0.52, 87],
  waving: [946, 3.98, 3.22, 277],
  'spreading hands': [136, 3.5, 3.66, 147],
  'hands touching fingers': [879, 8.57, 3.83, 356],
  'other finger movements': [191, 5.92, 3.7, 373],
  'illustrative gestures': [250, 4.63, 3.28, 397],
  'shaking legs': [915, 7.8, 3.88, 238],
  'curling legs': [217, 9.65, 3.83, 66],
  'spread legs': [122, 2.73, 2.46, 92],
  'closing legs': [111, 2.68, 2.67, 97],
  'crossing legs': [110, 7.1, 4.26, 60],
  'stretching feet': [254, 2.48, 2.07, 231],
  'retracting feet': [314, 2.1, 1.69, 259],
  tiptoe: [73, 3.84, 3.31, 398],
  'scratching or touching neck': [44, 3.5, 2.59, 63],
  'scratching or touching chest': [20, 3.58, 3.43, 82],
  'scratching or touching back': [22, 3.16, 2.91, 53],
  'scratching or touching shoulder': [17, 6.0, 4.37, 33],
  'arms akimbo': [3, 2.29, 1.15, 43],
  'crossing arms': [109, 7.66, 4.38, 43],
  'playing or tidying hair': [50, 3.24, 2.77, 89],
  'scratching or touching hindbrain': [24, 4.32, 2.52, 82],
  'scratching or touching forehead': [26, 3.03, 2.04, 58],
  'scratching or touching face': [51, 3.24, 2.39, 126],
  'rubbing eyes': [24, 3.87, 3.24, 66],
  'touching nose': [73, 3.47, 3.09, 147],
  'touching ears': [38, 3.47, 2.31, 52],
  'covering face': [1, 2.7, 0.0, 6],
  'covering mouth': [10, 3.06, 2.77, 25],
  'pushing glasses': [34, 1.39, 0.89, 68],
  'patting legs': [284, 1.79, 1.68, 421],
  'touching legs': [743, 5.2, 3.76, 497],
  'scratching legs': [111, 5.71, 3.11, 92],
  'scratching feet': [8, 4.12, 2.79, 20],
};

/** By body part: mean and standard deviation of the seconds of an instance in MMA-52. */
export const countedBodyParts: Readonly<Record<string, readonly [meanSeconds: number, stdSeconds: number]>> = {
  A: [3.61, 2.75],
  B: [2.49, 2.23],
  C: [5.54, 4.12],
  D: [5.77, 4.35],
  E: [5.76, 4.33],
  F: [3.23, 2.67],
  G: [4.39, 3.62],
};

/** How many MMA-52 videos hold so many instances, and how many frames they last on average (7 to 10 taken together). */
export const countedVideos: readonly (readonly [instances: number, videos: number, meanFrames: number])[] = [
  [2, 2037, 280.2],
  [3, 1261, 314.9],
  [4, 643, 333.4],
  [5, 380, 351.7],
  [6, 152, 372],
  [7, 39, 359.6],
  [8, 17, 359.6],
  [9, 2, 359.6],
  [10, 3, 359.6],
];

/** The shortest and the longest MMA-52 video, in frames at 30 a second, and the shortest and the longest instance. */
export const countedFrames = { fewest: 146, most: 451, frameRate: 30 } as const;
export const countedSeconds = { shortest: 0.27, longest: 15 } as const;

/** Seconds of an MA-52 clip. The mean is that of the paper; spread and ends, which nobody has counted, are guessed. */
export const countedTrimmedSeconds = { mean: 1.97, std: 1.2, low: 0.5, high: 8 } as const;

/** Share of the time in which 0, 1, 2, 3 and 4 instances run at once, the frame at which one ends taken in. */
export const countedConcurrency = [0.1543, 0.5181, 0.284, 0.0428, 0.0008] as const;

/** Videos in which at most 1, 2, 3 and 4 instances run at once, counted in the same way. */
export const countedMaxima = [225, 3160, 1061, 88] as const;

/** Shares of the instances: that share time with another; that start at frame 0, end at the last frame, do both. */
export const countedOverlapping = 0.864;
export const countedEdges = { start: 0.303, end: 0.131, both: 0.056 } as const;

/** Pairs of instances that share time, by body part; all 28, 9,231 together. */
export const countedPartPairs: Readonly<Record<string, number>> = {
  ...{ AA: 14, AB: 255, AC: 317, AD: 243, AE: 14, AF: 9, AG: 167 },
  ...{ BB: 424, BC: 2909, BD: 1477, BE: 166, BF: 146, BG: 761 },
  ...{ CC: 223, CD: 1065, CE: 20, CF: 29, CG: 204 },
  ...{ DD: 141, DE: 120, DF: 87, DG: 375 },
  ...{ EE: 2, EF: 2, EG: 2, FF: 17, FG: 8, GG: 34 },
};

/** Pairs of instances that share time, by action: the twenty most frequent. */
export const countedActionPairs: readonly (readonly [string, string, number])[] = [
  ['turning head', 'shaking legs', 428],
  ['turning head', 'hands touching fingers', 404],
  ['turning head', 'waving', 259],
  ['nodding', 'hands touching fingers', 258],
  ['nodding', 'shaking legs', 165],
  ['hands touching fingers', 'shaking legs', 162],
  ['nodding', 'touching legs', 149],
  ['turning head', 'touching legs', 147],
  ['turning head', 'playing objects', 141],
  ['turning head', 'scratching arms', 128],
  ['tilting head', 'touching legs', 128],
  ['tilting head', 'waving', 125],
  ['turning head', 'stretching arms', 117],
  ['nodding', 'waving', 113],
  ['waving', 'shaking legs', 109],
  ['tilting head', 'shaking legs', 107],
  ['shaking head', 'hands touching fingers', 97],
  ['tilting head', 'hands touching fingers', 94],
  ['turning head', 'nodding', 93],
  ['shaking body', 'hands touching fingers', 84],
];
