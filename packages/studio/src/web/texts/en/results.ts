import type { Source } from '../../../contract/results.ts';

type SourceCounts = Pick<Source, 'videos' | 'openVideos' | 'instances'>;

export const results = {
  title: 'Results',
  source: 'Codings',
  kinds: { final: 'settled', coder: 'coder', model: 'model' },
  sourceOption: (title: string, kind: string, { videos, openVideos, instances }: SourceCounts) => {
    const open =
      openVideos === videos
        ? videos === 1
          ? 'not submitted'
          : 'none submitted'
        : `${openVideos} of them not submitted`;
    const counted = `${videos} ${videos === 1 ? 'video' : 'videos'}${openVideos > 0 ? `, ${open}` : ''}`;
    return `${title} (${kind}; ${counted}, ${instances} ${instances === 1 ? 'instance' : 'instances'})`;
  },
  finalTitle: 'Final codings',
  video: 'Video',
  allVideos: 'all videos',
  level: 'Level',
  levels: { action: 'actions', body: 'body parts' },
  nothing: 'There is nothing to count yet.',
  nothingWhat:
    'Code a video in the editor, or run detection in the library: budgets, plots and exports appear here by themselves. In a blind project others’ codings count for you once you have submitted yours.',
  parts: 'Parts of this page',
  partNames: {
    budget: 'Time budget',
    figures: 'Plots',
    agreement: 'Agreement',
    comparison: 'Model',
    export: 'Export',
  },
  over: (videos: number, length: string) => `${videos} ${videos === 1 ? 'video' : 'videos'}, ${length} in all`,
  budget: 'Time budget',
  budgetNote: 'A body part counts time in which several of its actions overlap once.',
  columns: {
    label: 'Body part, action',
    count: 'Instances',
    perMinute: 'per minute',
    totalSeconds: 'Total, s',
    shareOfTime: 'Share of time',
    meanSeconds: 'Mean, s',
    medianSeconds: 'Median, s',
    longestSeconds: 'Longest, s',
  },
  figures: 'Plots',
  noFigures: 'There is no instance to draw.',
  ethogramHint: 'With one video chosen above, its ethogram is drawn, too.',
  figureNames: {
    ethogram: 'Ethogram',
    'time-budget': 'Time budget',
    instances: 'Instances',
    durations: 'Durations',
    transitions: 'Transitions',
    'co-occurrence': 'Co-occurrence',
    concurrency: 'How many at once',
    agreement: 'Agreement of the coders',
    'false-positives': 'False positives by kind',
    'false-negatives': 'What is missed',
    'missed-beside': 'Missed beside others',
    sensitivity: 'Sensitivity',
    calibration: 'Calibration of scores',
    'confusion-matrix': 'Confusions',
    'confused-pairs': 'Most confused pairs',
  },
  figureMeaning: {
    ethogram: 'When each action happens in the video.',
    'time-budget': 'How much of the time each takes, with the number of instances.',
    instances: 'How many instances there are of each.',
    durations: 'How long instances last.',
    transitions: 'Which one starts next after one has started.',
    'co-occurrence': 'Seconds in which two happen at once.',
    concurrency: 'For how much of the time so many happen at once.',
    agreement: 'Agreement by action, with 95 % intervals.',
  },
  save: 'Save:',
  saveAs: (figure: string, kind: string) => `Save “${figure}” as ${kind}`,
  kindsOfFile: { svg: 'SVG', png: 'PNG', csv: 'data, CSV', json: 'Vega-Lite' },
  figureFails: 'This plot could not be drawn.',
  agreement: 'Agreement between coders',
  agreementOf: (coders: string, videos: number) =>
    `${coders}; ${videos} ${videos === 1 ? 'video' : 'videos'} that two or more have submitted`,
  noAgreement: 'As soon as two people have submitted their coding of one video, their agreement stands here.',
  noIntervals: 'Intervals need two videos or more.',
  /** By the server's names; what is not here is said in its words. */
  measures: {},
  measure: 'Measure',
  value: 'Value',
  interval: '95 % interval',
  meaning: 'What it means',
  comparison: 'Model against people',
  comparisonNone: 'This needs the proposals of a model, and a coding of the same video by a person or a final one.',
  /** Of the server's remark. */
  comparisonNote: (english: string): string => english,
  model: 'Model',
  against: 'Against',
  map: 'Detection mAP',
  threshold: 'Temporal IoU',
  mean: 'mean',
  perAction: 'By action',
  truth: 'Coded',
  predictions: 'Found',
  averagePrecision: 'Average precision',
  export: 'Export',
  format: 'Format',
  all: 'all coders',
  /** By the names of formats; what is not here is called as the server calls it. */
  formatTitles: {},
  codebookKinds: { html: 'HTML', md: 'Markdown', csv: 'CSV' },
  withCodebook: 'with the codebook',
  download: 'Export',
  codebook: 'Codebook',
  codebookWhat: 'What the data mean: coding scheme, protocol, who coded what, how far they agree.',
  filesEach: 'One file a video, together in an archive.',
};
