import type {
  CharacteristicName,
  Diagnosis,
  ErrorType,
  FalsePositives,
  LevelDiagnosis,
} from '../../evaluation/diagnosis/index.ts';
import { characteristicNames, errorTypes } from '../../evaluation/diagnosis/index.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { type Figure, figureOf, frame, ink, labelAxis } from './figure.ts';
import { matrixFigure } from './matrixFigure.ts';

/** How an error type is called in figures and tables. */
export const errorTypeNames: Readonly<Record<ErrorType, string>> = {
  truePositive: 'true positive',
  doubleDetection: 'double detection',
  wrongLabel: 'wrong label',
  localization: 'localisation error',
  confusion: 'confusion',
  background: 'background',
};

/** How a characteristic of an instance is called, with its unit. */
export const characteristicTitles: Readonly<Record<CharacteristicName, string>> = {
  coverage: 'coverage (share of the video)',
  length: 'length (seconds)',
  numInstances: 'instances in the video',
  numInstancesSameClass: 'of the same class',
};

/** All figures of a diagnosis at one level. Names end with the level. */
export function diagnosisFigures(diagnosis: Diagnosis, level: 'action' | 'body', taxonomy: Taxonomy): Figure[] {
  const one = diagnosis[level];
  const figures = [
    falsePositivesFigure(one),
    falseNegativesFigure(one),
    sensitivityFigure(one),
    confusedPairsFigure(one),
    confusionMatrixFigure(one, taxonomy),
    missedBesideFigure(one),
    calibrationFigure(one),
  ];
  return figures.map((figure) => ({ ...figure, name: `${figure.name}-${level}` }));
}

/**
 * What the best predictions of each class are: at top-1G as many as the class has instances, at top-2G as many again,
 * and what the average mAP_N would gain without each kind of error (figure 6 of the MMA-52 paper).
 */
export function falsePositivesFigure({ falsePositives }: LevelDiagnosis): Figure {
  const title = 'False positive profile';
  const rows = [...profileRows(falsePositives), ...gainRows(falsePositives)];
  const groups = falsePositives.profile.map(({ group }) => group);
  const step = Math.min(40, 480 / groups.length);
  const gainScale = Object.values(falsePositives.gain).every((gain) => gain === 0) ? { domain: [0, 1] } : {};
  return figureOf({
    name: 'false-positives',
    title,
    rows,
    spec: {
      ...frame(
        title,
        rows,
        `${number(falsePositives.predictions)} predictions; mAP_N is mAP with normalised precision`,
      ),
      spacing: 36,
      hconcat: [
        {
          width: Math.max(step * groups.length, 240),
          height: 300,
          transform: [{ filter: 'datum.group != null' }],
          encoding: {
            x: {
              field: 'group',
              type: 'nominal',
              scale: { domain: groups },
              title: 'top predictions (G: instances of the class)',
              axis: { labelAngle: 0, labelOverlap: true },
            },
          },
          layer: [
            {
              mark: { type: 'bar', stroke: 'white' },
              encoding: {
                y: {
                  field: 'from',
                  type: 'quantitative',
                  title: 'share of the predictions',
                  scale: { domain: [0, 1] },
                  axis: { format: '.0%' },
                },
                y2: { field: 'to' },
                color: errorColour,
              },
            },
            {
              transform: [
                { filter: `datum.share >= ${step < 24 ? 2 : 0.05}` }, // none where bars are too slim for text
                { calculate: '(datum.from + datum.to) / 2', as: 'middle' },
              ],
              mark: { type: 'text', fontSize: 9 },
              encoding: {
                y: { field: 'middle', type: 'quantitative' },
                text: { field: 'share', type: 'quantitative', format: '.0%' },
                color: { condition: { test: isDark, value: '#fff' }, value: '#000' },
              },
            },
          ],
        },
        {
          width: 200,
          height: 300,
          transform: [{ filter: 'datum.gain != null' }],
          encoding: {
            x: { ...labelAxis('error'), axis: { ...labelAxis('error').axis, labelAngle: -30 } },
            y: {
              field: 'gain',
              type: 'quantitative',
              title: 'gain of average mAP_N if removed, points',
              scale: gainScale,
            },
          },
          layer: [
            { mark: 'bar', encoding: { color: errorColour } },
            {
              mark: { type: 'text', baseline: 'bottom', dy: -3 },
              encoding: { text: { field: 'gain', type: 'quantitative', format: '.1f' } },
            },
          ],
        },
      ],
    },
  });
}

/** Which instances are missed, by their characteristics (figure 7 of the MMA-52 paper, left). */
export function falseNegativesFigure({ falseNegatives, concurrency }: LevelDiagnosis): Figure {
  const { alone, concurrent } = concurrency;
  const instances = alone.instances + concurrent.instances;
  return bucketsFigure({
    name: 'false-negatives',
    title: 'False negative rate',
    measure: 'rate',
    axisTitle: 'missed instances, %',
    overall: instances === 0 ? null : (alone.missed + concurrent.missed) / instances,
    buckets: (name) => falseNegatives.buckets[name].map(({ rate, ...bucket }) => ({ ...bucket, value: rate })),
  });
}

/** On which instances the detector is better or worse (figure 7 of the MMA-52 paper, right). */
export function sensitivityFigure({ sensitivity }: LevelDiagnosis): Figure {
  return bucketsFigure({
    name: 'sensitivity',
    title: 'Sensitivity',
    measure: 'map',
    axisTitle: 'average mAP_N, %',
    overall: sensitivity.average,
    buckets: (name) => sensitivity.buckets[name].map(({ map, ...bucket }) => ({ ...bucket, value: map })),
  });
}

/** The pairs of classes that are most often taken for each other. */
export function confusedPairsFigure({ confusions }: LevelDiagnosis, most = 20): Figure {
  const title = 'Most frequent confusions';
  const rows = confusions.pairs.slice(0, most).flatMap(({ truth, predicted, ...counts }) =>
    (['wrongLabel', 'confusion'] as const).map((type) => ({
      pair: `${truth} → ${predicted}`,
      truth,
      predicted,
      error: errorTypeNames[type],
      predictions: counts[type],
    })),
  );
  return figureOf({
    name: 'confused-pairs',
    title,
    rows,
    spec: {
      ...frame(title, rows, 'what it is → what it is taken for'),
      width: 500,
      height: { step: 18 },
      mark: 'bar',
      encoding: {
        y: { ...labelAxis('pair'), axis: { ...labelAxis('pair').axis, labelLimit: 340 } },
        x: { field: 'predictions', type: 'quantitative', title: 'predictions', axis: { tickCount: 8, tickMinStep: 1 } },
        color: {
          ...errorColour,
          legend: { ...errorColour.legend, values: rows.slice(0, 2).map(({ error }) => error) },
        },
        order: { field: 'error', type: 'nominal', sort: 'descending' },
      },
    },
  });
}

/** How often instances of each class are taken for each other one. */
export function confusionMatrixFigure({ classes, confusions }: LevelDiagnosis, taxonomy: Taxonomy): Figure {
  const order = [...taxonomy.actions, ...taxonomy.bodyParts].map(({ name }) => name);
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return matrixFigure(
    {
      name: 'confusion-matrix',
      title: 'What is taken for what',
      labels: [...classes].sort((a, b) => place(a) - place(b)),
      rowTitle: 'what it is',
      columnTitle: 'what it is taken for',
      unit: 'predictions',
      cells: confusions.pairs.map(({ truth, predicted, wrongLabel, confusion }) => ({
        row: truth,
        column: predicted,
        count: wrongLabel + confusion,
      })),
    },
    taxonomy,
  );
}

/** Which instances are missed while another one runs. */
export function missedBesideFigure({ concurrency }: LevelDiagnosis, most = 20): Figure {
  const title = 'Missed while another runs';
  const { alone, concurrent, pairs } = concurrency;
  const rows = pairs.slice(0, most).map(({ missedClass, besideClass, instances, missed, rate }) => ({
    pair: `${missedClass} beside ${besideClass}`,
    missedClass,
    besideClass,
    instances,
    missed,
    rate,
  }));
  const percent = (rate: number | null) => (rate === null ? '–' : `${(100 * rate).toFixed(1)} %`);
  return figureOf({
    name: 'missed-beside',
    title,
    rows,
    spec: {
      ...frame(
        title,
        rows,
        `missed: ${percent(alone.rate)} of those alone, ${percent(concurrent.rate)} of those beside another`,
      ),
      width: 500,
      height: { step: 18 },
      encoding: {
        y: { ...labelAxis('pair'), axis: { ...labelAxis('pair').axis, labelLimit: 340 } },
      },
      layer: [
        {
          mark: { type: 'bar', color: '#c9d1d9' },
          encoding: {
            x: {
              field: 'instances',
              type: 'quantitative',
              title: 'instances (light), missed (dark)',
              axis: { tickCount: 8, tickMinStep: 1 },
            },
          },
        },
        { mark: { type: 'bar', color: ink.bar }, encoding: { x: { field: 'missed', type: 'quantitative' } } },
        {
          mark: { type: 'text', align: 'left', dx: 4 },
          encoding: {
            x: { field: 'instances', type: 'quantitative' },
            text: { field: 'rate', type: 'quantitative', format: '.0%' },
          },
        },
      ],
    },
  });
}

/** Whether a score of 0.8 means four true positives in five, and how many predictions have which score. */
export function calibrationFigure({ calibration }: LevelDiagnosis): Figure {
  const title = 'Calibration of the scores';
  const rows = calibration.bins.map(({ from, to, predictions, meanScore, precision }) => {
    return { from, to, predictions, meanScore, precision };
  });
  const error = calibration.expectedCalibrationError;
  const x = { type: 'quantitative' as const, title: 'score', scale: { domain: [0, 1] }, axis: { tickCount: 10 } };
  const bin = { x: { field: 'from', ...x }, x2: { field: 'to' }, y2: { datum: 0 } };
  return figureOf({
    name: 'calibration',
    title,
    rows,
    spec: {
      ...frame(title, rows, error === null ? 'no predictions' : `expected calibration error ${error.toFixed(3)}`),
      spacing: 20,
      vconcat: [
        {
          width: 400,
          height: 300,
          layer: [
            {
              transform: [{ filter: 'datum.precision != null' }],
              mark: { type: 'rect', color: ink.bar, opacity: 0.55, stroke: 'white' },
              encoding: {
                ...bin,
                y: {
                  field: 'precision',
                  type: 'quantitative',
                  title: 'share of true positives',
                  scale: { domain: [0, 1] },
                  axis: { format: '.0%' },
                },
              },
            },
            {
              data: { values: [{ score: 0 }, { score: 1 }] },
              mark: { type: 'line', strokeDash: [5, 4], color: ink.text, strokeWidth: 1 },
              encoding: { x: { field: 'score', ...x }, y: { field: 'score', type: 'quantitative' } },
            },
            {
              transform: [{ filter: 'datum.precision != null' }],
              mark: { type: 'point', filled: true, size: 45, color: ink.text, opacity: 1 },
              encoding: {
                x: { field: 'meanScore', ...x },
                y: { field: 'precision', type: 'quantitative' },
              },
            },
          ],
        },
        {
          width: 400,
          height: 90,
          mark: { type: 'rect', color: ink.bar, stroke: 'white' },
          encoding: {
            ...bin,
            y: {
              field: 'predictions',
              type: 'quantitative',
              title: 'predictions',
              axis: { tickCount: 4, tickMinStep: 1 },
            },
          },
        },
      ],
    },
  });
}

// ---- below: internals ----

// Light and dark in turns, so that neighbours differ on a grey print and to colour-blind eyes (after Paul Tol's muted).
const errorColours: Readonly<Record<ErrorType, string>> = {
  truePositive: '#332288',
  doubleDetection: '#88CCEE',
  wrongLabel: '#AA4499',
  localization: '#DDCC77',
  confusion: '#882255',
  background: '#C4C8CC',
};

const darkErrors = ['truePositive', 'wrongLabel', 'confusion'] as const;
const isDark = darkErrors.map((type) => `datum.error == '${errorTypeNames[type]}'`).join(' || ');

const errorColour = {
  field: 'error',
  type: 'nominal',
  scale: {
    domain: errorTypes.map((type) => errorTypeNames[type]),
    range: errorTypes.map((type) => errorColours[type]),
  },
  legend: { title: null, orient: 'top', columns: 6 },
} as const;

const number = (value: number) => value.toLocaleString('en');

function profileRows({ profile }: FalsePositives) {
  return profile.flatMap(({ group, predictions, fractions }) => {
    let to = 0;
    if (fractions === null) return [];
    return errorTypes.map((type) => {
      const from = to;
      to = from + fractions[type];
      return { group, predictions, error: errorTypeNames[type], share: fractions[type], from, to, gain: null };
    });
  });
}

/** Gains in points: hundredths of mAP. */
function gainRows({ gain }: FalsePositives) {
  return Object.entries(gain).map(([type, value]) => {
    const error = errorTypeNames[type as ErrorType];
    return { group: null, predictions: null, error, share: null, from: null, to: null, gain: 100 * value };
  });
}

interface BucketValue {
  readonly label: string;
  readonly from: number;
  readonly to: number | null;
  readonly instances: number;
  readonly value: number | null;
}

interface BucketsFigure {
  readonly name: string;
  readonly title: string;
  readonly measure: string;
  readonly axisTitle: string;
  readonly overall: number | null;
  readonly buckets: (name: CharacteristicName) => readonly BucketValue[];
}

/** One panel a characteristic, one bar a bucket, and the value of all instances as a dashed line. */
function bucketsFigure({ name, title, measure, axisTitle, overall, buckets }: BucketsFigure): Figure {
  const rows = characteristicNames.flatMap((characteristic) =>
    buckets(characteristic).map(({ label, from, to, instances, value }) => ({
      characteristic,
      bucket: label,
      from,
      to,
      instances,
      [measure]: value,
      overall,
    })),
  );
  const highest = Math.max(overall ?? 0, ...rows.map((row) => Number(row[measure] ?? 0)), 0.01);
  const top = Math.min(1, Math.ceil(highest * 10 + 0.2) / 10);
  const columns = columnsOf(characteristicNames.map((characteristic) => buckets(characteristic).length));
  const subtitle = overall === null ? '' : `dashed: all instances, ${(100 * overall).toFixed(1)} %; `;
  return figureOf({
    name,
    title,
    rows,
    spec: {
      ...frame(title, rows, `${subtitle}below each bar: bucket, range, instances`),
      spacing: 14,
      align: 'each',
      columns,
      concat: characteristicNames.map((characteristic, i) =>
        bucketsPanel({
          characteristic,
          buckets: buckets(characteristic),
          measure,
          axisTitle,
          overall,
          top,
          first: i % columns === 0,
        }),
      ),
    },
  });
}

const bucketWidth = 42;

/** How many panels stand side by side: as many as the page has room for. */
function columnsOf(bucketCounts: readonly number[]): number {
  const fits = (columns: number) =>
    bucketCounts.every((_, i) => {
      if (i % columns !== 0) return true;
      const row = bucketCounts.slice(i, i + columns);
      return row.reduce((width, count) => width + count * bucketWidth + 14, 70) <= 900;
    });
  return [4, 2].find(fits) ?? 1;
}

interface BucketsPanel {
  readonly characteristic: CharacteristicName;
  readonly buckets: readonly BucketValue[];
  readonly measure: string;
  readonly axisTitle: string;
  readonly overall: number | null;
  /** Of the vertical axis. */
  readonly top: number;
  /** The one that carries the vertical axis. */
  readonly first: boolean;
}

function bucketsPanel({ characteristic, buckets, measure, axisTitle, overall, top, first }: BucketsPanel) {
  const x = {
    field: 'bucket',
    type: 'nominal' as const,
    scale: { domain: buckets.map(({ label }) => label) },
    title: characteristicTitles[characteristic],
    axis: {
      labelAngle: 0,
      labelExpr: bucketLabels(buckets, characteristic.startsWith('num')),
      labelFontSize: 10,
      labelLineHeight: 13,
      labelOverlap: false,
      labelLimit: 60,
    },
  };
  const y = {
    field: measure,
    type: 'quantitative' as const,
    title: first ? axisTitle : null,
    scale: { domain: [0, top] },
    axis: { format: '.0%', labels: first, ticks: first, domain: first, tickCount: 6 },
  };
  const written = { field: measure, type: 'quantitative' as const, format: '.1%' };
  const low = `datum.${measure} < ${top * 0.08}`;
  const line = {
    data: { values: [{ overall }] }, // one line, not one a bucket
    mark: { type: 'rule' as const, strokeDash: [5, 4] },
    encoding: { y: { field: 'overall', type: 'quantitative' as const } },
  };
  return {
    width: { step: bucketWidth },
    height: 240,
    transform: [{ filter: `datum.characteristic == '${characteristic}' && datum.${measure} != null` }],
    layer: [
      { mark: { type: 'bar' as const, color: ink.bar }, encoding: { x, y } },
      {
        // At the foot of its bar, where the dashed line does not cross it.
        transform: [{ filter: `!(${low})` }],
        mark: { type: 'text' as const, baseline: 'bottom' as const, color: '#fff', dy: -4 },
        encoding: { x, y: { datum: 0 }, text: written },
      },
      {
        transform: [{ filter: low }],
        mark: { type: 'text' as const, baseline: 'bottom' as const, dy: -3 },
        encoding: { x, y, text: written },
      },
      ...(overall === null ? [] : [line]),
    ],
  };
}

/** An expression that gives each bucket's label and, below it, its range and its number of instances. */
function bucketLabels(buckets: readonly BucketValue[], areCounts: boolean): string {
  const text = (value: number) => String(Number(value.toPrecision(6)));
  const lines = buckets.map(({ label, from, to, instances }) => {
    const above = areCounts ? Math.floor(from) + 1 : from; // the lower edge itself is not inside
    const closed = above === to ? text(to) : `${text(above)}–${text(to ?? above)}`;
    const range = to === null ? `> ${text(from)}` : from < 0 ? `≤ ${text(to)}` : closed;
    return [label, [label, range, `n ${number(instances)}`]];
  });
  return `(${JSON.stringify(Object.fromEntries(lines))})[datum.value]`;
}
