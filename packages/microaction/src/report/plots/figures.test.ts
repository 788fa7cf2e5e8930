import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { SaxesParser } from 'saxes';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { agreementBetween } from '../../agreement/agreement.ts';
import { statisticsOf } from '../../annotation/dataset/statistics.ts';
import type { Clip, Dataset } from '../../annotation/dataset.ts';
import { predictionsOfDataset, truthOfDataset } from '../../evaluation/detection/index.ts';
import { diagnose } from '../../evaluation/diagnosis/index.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { agreementFigure } from './agreementFigure.ts';
import { diagnosisFigures, errorTypeNames, falsePositivesFigure, sensitivityFigure } from './diagnosisFigures.ts';
import type { Figure } from './figure.ts';
import { predictionsFigure } from './predictionsFigure.ts';
import { figureFormats, renderPng, saveFigure } from './renderNode.ts';
import { renderSvg } from './renderSvg.ts';
import { durationsFigure, instancesFigure, statisticsFigures } from './statisticsFigures.ts';
import { madeDiagnosis, madePredictions, madeTruth } from './testing.ts';
import { textWidth } from './textWidth.ts';
import { ethogramFigure, sharedTimeFigure, timeBudgetFigure, transitionsFigure } from './timeFigures.ts';

const statistics = statisticsOf(madeTruth).all;
const diagnosis = madeDiagnosis();
const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPj/HwADAgH/p1J9qQAAAABJRU5ErkJggg==';
const video = {
  title: madeTruth.clips[0].id,
  durationSeconds: 12,
  truth: madeTruth.clips[0].instances,
  predictions: madePredictions.clips[0].instances,
};
const frames = [1, 2, 11].map((seconds) => ({ seconds, dataUrl: pixel, widthPixels: 1280, heightPixels: 720 }));
const agreement = agreementBetween([madeTruth, madePredictions], { coders: ['Ann & Bo', '<i>'], resamples: 20 });

/** Some of the labels of a level, with numbers of theirs. */
function madeTimes(level: 'action' | 'body', taxonomy = microActions52) {
  const labels = taxonomy[level === 'action' ? 'actions' : 'bodyParts'].map(({ name }) => name);
  const values = labels.map((_, row) => labels.map((_, column) => ((row * 7 + column * 3) % 11) * 12.34567));
  const entries = labels.map((label, i) => {
    return { label, instances: 3 * i + 1, seconds: 40 * i + 0.25, shareOfTime: (i + 1) / 60 };
  });
  return [
    timeBudgetFigure(entries, 5000, taxonomy, level),
    transitionsFigure({ labels, values: values.map((row) => row.map(Math.round)) }, taxonomy, level),
    sharedTimeFigure({ labels, values }, taxonomy, level),
  ];
}

const all = [
  ...(['action', 'body'] as const).flatMap((level) => [
    ethogramFigure({ ...video, instances: madeTruth.clips[0].instances }, microActions52, level),
    ...madeTimes(level),
  ]),
  ...statisticsFigures(statistics, microActions52),
  ...diagnosisFigures(diagnosis, 'action', microActions52),
  ...diagnosisFigures(diagnosis, 'body', microActions52),
  predictionsFigure(video, microActions52, { frames }),
  agreementFigure(agreement, microActions52),
];

describe('every figure', () => {
  it.each(all)('$name becomes well-formed SVG of at most 900 pixels, without a word from vega', async (figure) => {
    const { svg, root, texts } = await draw(figure);
    expect(Number(root.width)).toBeLessThanOrEqual(900);
    expect(texts).toContain(figure.title);
    expect(svg).not.toMatch(/NaN|undefined|\[object/);
  });

  it('has a name of its own, fit for a file', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const { name } of all) expect(name).toMatch(/^[a-z][a-z-]*$/);
  });

  it('is plain data: it survives JSON', () => {
    for (const { spec, rows } of all) {
      expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
      expect(JSON.parse(JSON.stringify(rows))).toEqual(rows);
    }
  });

  it('keeps every text inside the picture, where text is as wide as in Arial', async () => {
    for (const figure of all) {
      const { data, info } = await sharp(await renderPng(figure, { scale: 1 }))
        .greyscale()
        .raw()
        .toBuffer({ resolveWithObject: true });
      const at = (x: number, y: number) => data[y * info.width + x];
      const edge: number[] = [];
      for (let x = 0; x < info.width; x++) edge.push(at(x, 0), at(x, info.height - 1));
      for (let y = 0; y < info.height; y++) edge.push(at(0, y), at(info.width - 1, y));
      expect(Math.min(...edge), figure.name).toBe(255);
    }
  });

  it('stays within 900 pixels for crowded data of a lab with long names', async () => {
    const { taxonomy, dataset } = crowded();
    const buckets = {
      edges: Array.from({ length: 19 }, (_, i) => i),
      labels: Array.from({ length: 18 }, (_, i) => `b${i}`),
    };
    const found = diagnose(truthOfDataset(dataset, 'truth'), predictionsOfDataset(dataset, 'predictions'), taxonomy, {
      groups: 30,
      calibrationBins: 40,
      buckets: { length: buckets, numInstances: buckets },
    });
    const { id: title, instances } = dataset.clips[0];
    const figures = [
      ethogramFigure({ title, instances }, taxonomy),
      ...madeTimes('action', taxonomy),
      ...madeTimes('body', taxonomy),
      ...statisticsFigures(statisticsOf(dataset).all, taxonomy),
      ...diagnosisFigures(found, 'action', taxonomy),
      predictionsFigure({ title, truth: instances, predictions: instances }, taxonomy, { frames }),
      agreementFigure(agreementBetween([dataset, dataset], { resamples: 2 }), taxonomy),
    ];
    for (const figure of figures) {
      const { root } = await draw(figure);
      expect(Number(root.width), figure.name).toBeLessThanOrEqual(900);
    }
  });

  it('draws an empty data set as an empty figure', async () => {
    const empty: Dataset = { taxonomy: microActions52, clips: [] };
    const silent: Dataset = { ...madeTruth, clips: madeTruth.clips.map((clip) => ({ ...clip, instances: [] })) };
    const blind = diagnose(
      truthOfDataset(madeTruth, 'truth'),
      predictionsOfDataset(silent, 'predictions'),
      microActions52,
    );
    const figures = [
      ethogramFigure({ title: 'quiet', instances: [] }, microActions52),
      timeBudgetFigure([], 0, microActions52),
      transitionsFigure({ labels: [], values: [] }, microActions52),
      ...statisticsFigures(statisticsOf(empty).all, microActions52),
      ...diagnosisFigures(blind, 'action', microActions52),
      predictionsFigure({ ...video, truth: [], predictions: [] }, microActions52),
      agreementFigure(agreementBetween([silent, silent], { resamples: 0 }), microActions52),
    ];
    for (const figure of figures) expect((await draw(figure)).texts).toContain(figure.title);
  });

  it('names the one count of a matrix whose cells are all alike', async () => {
    const labels = ['nodding', 'waving'];
    const values = [
      [0, 3],
      [3, 0],
    ];
    const { texts } = await draw(transitionsFigure({ labels, values }, microActions52));
    expect(texts.filter((text) => /^[\d.]+$/.test(text))).toEqual(['3', '3', '3']);
  });

  it('names the ends of a short scale, and has room for a title that is wider than its matrix', async () => {
    const labels = ['nodding', 'waving'];
    const values = [
      [2.71, 0],
      [0, 2.81],
    ];
    const figure = sharedTimeFigure({ labels, values }, microActions52);
    const { texts, root } = await draw(figure);
    expect(texts.filter((text) => /^[\d.]+$/.test(text)).sort()).toEqual(['2.7', '2.7', '2.8', '2.8']);
    expect(Number(root.width)).toBeGreaterThan(60 + textWidth(figure.title, 14));
  });
});

describe('a figure of statistics', () => {
  it('has a bar an action in the hue of its body part, the most frequent first', async () => {
    const figure = instancesFigure(statistics, microActions52);
    expect(figure.rows).toHaveLength(52);
    expect(figure.rows[0].instances).toBe(Math.max(...statistics.actions.map(({ instances }) => instances)));
    const { fills } = await draw(figure);
    for (const [part, hue] of [
      ['head', '#56B4E9'],
      ['lower limb', '#F0E442'],
    ] as const) {
      const bars = figure.rows.filter(({ bodyPart }) => bodyPart === part).length;
      // One more is the legend's.
      expect(fills.filter((fill) => fill === hue)).toHaveLength(bars + 1);
    }
  });

  it('gives the standard deviation around the mean, not below 0', () => {
    for (const row of durationsFigure(statistics, microActions52).rows) {
      expect(row.toSeconds).toBeCloseTo(Number(row.meanSeconds) + Number(row.stdSeconds), 12);
      expect(row.fromSeconds).toBeCloseTo(Math.max(0, Number(row.meanSeconds) - Number(row.stdSeconds)), 12);
    }
  });
});

describe('a figure of a diagnosis', () => {
  it('stacks the six kinds of predictions to the whole, group by group', async () => {
    const figure = falsePositivesFigure(diagnosis.action);
    const groups = Map.groupBy(
      figure.rows.filter(({ group }) => group !== null),
      ({ group }) => group,
    );
    expect(groups.size).toBeGreaterThan(1);
    for (const rows of groups.values()) {
      expect(rows.map(({ error }) => error)).toEqual(Object.values(errorTypeNames));
      expect(rows.at(-1)?.to).toBeCloseTo(1, 12);
    }
    expect((await draw(figure)).texts).toEqual(expect.arrayContaining([...Object.values(errorTypeNames), '1G', '2G']));
  });

  it('names each bucket, its range and its instances, and draws the dashed line of all', async () => {
    const { svg, texts } = await draw(sensitivityFigure(diagnosis.action));
    const { instances } = diagnosis.action.sensitivity.buckets.numInstances[1];
    expect(texts).toEqual(expect.arrayContaining(['XS', '0.2–0.4', '3–5', '> 9', `n ${instances}`]));
    expect(svg.match(/stroke-dasharray="5,4"/g)).toHaveLength(4);
  });
});

describe('a figure of time', () => {
  const instances = [
    { action: 'waving', start: 5, end: 9 },
    { action: 'nodding', start: 0, end: 10 },
    { action: 'nodding', start: 8, end: 12 },
    { action: 'turning head', start: 11, end: 20 },
  ];

  it('has rows in the order of the taxonomy, those that overlap in lanes below each other', () => {
    const rowsAt = (level: 'action' | 'body') =>
      ethogramFigure({ title: 'one', durationSeconds: 60, instances }, microActions52, level).rows.map(
        ({ row, start }) => [row, start],
      );
    expect(rowsAt('action')).toEqual([
      ['turning head', 11],
      ['nodding', 0],
      ['nodding (2)', 8],
      ['waving', 5],
    ]);
    expect(rowsAt('body')).toEqual([
      ['head', 0],
      ['head', 11],
      ['head (2)', 8],
      ['upper limb', 5],
    ]);
  });

  it('writes seconds and instances beside each bar, the longest first', async () => {
    const budget = [
      { label: 'nodding', instances: 2, seconds: 12, shareOfTime: 0.2 },
      { label: 'waving', instances: 1000, seconds: 240.4, shareOfTime: 0.5 },
    ];
    const figure = timeBudgetFigure(budget, 480, microActions52);
    expect(figure.rows.map(({ label, bodyPart }) => [label, bodyPart])).toEqual([
      ['waving', 'upper limb'],
      ['nodding', 'head'],
    ]);
    expect((await draw(figure)).texts).toEqual(expect.arrayContaining(['240 s, 1,000×', '12.0 s, 2×']));
  });

  it('leaves cells empty in which nothing happens', () => {
    const values = [
      [0, 3],
      [1, 0],
    ];
    const labels = ['nodding', 'waving'];
    expect(transitionsFigure({ labels, values }, microActions52).rows).toEqual([
      { row: 'nodding', column: 'waving', count: 3 },
      { row: 'waving', column: 'nodding', count: 1 },
    ]);
    expect(sharedTimeFigure({ labels, values }, microActions52).rows[0]).toEqual({
      row: 'nodding',
      column: 'waving',
      seconds: 3,
    });
  });
});

describe('the figure of predictions', () => {
  it('shows the best ones with their temporal IoU, and the frames', async () => {
    const truth = [{ action: 'nodding', start: 2, end: 6 }];
    const predictions = [
      { action: 'nodding', start: 4, end: 8, score: 0.9 },
      { action: 'waving', start: 2, end: 6, score: 0.8 },
      { action: 'nodding', start: 0, end: 1, score: 0.1 },
    ];
    const figure = predictionsFigure({ ...video, truth, predictions }, microActions52, { top: 2, frames });
    expect(figure.rows.map(({ kind, action, tiou }) => [kind, action, tiou])).toEqual([
      ['truth', 'nodding', null],
      ['prediction', 'nodding', 1 / 3],
      ['prediction', 'waving', 0],
    ]);
    const { svg, texts } = await draw(figure);
    expect(texts).toEqual(expect.arrayContaining(['nodding', '1. nodding 0.90', '0.33', 'time, seconds']));
    expect(svg.match(/<image/g)).toHaveLength(3);
  });

  it('gives instances of one action that overlap rows of their own', () => {
    const truth = [0, 1, 5].map((start) => ({ action: 'waving', start, end: start + 3 }));
    const { rows } = predictionsFigure({ ...video, truth, predictions: [] }, microActions52);
    expect(rows.map(({ row }) => row)).toEqual(['waving', 'waving', 'waving (2)']);
  });
});

describe('saving', () => {
  it('writes every format, each with all the data', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'figures '));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const figure = instancesFigure(statistics, microActions52);
    const paths = await saveFigure(figure, join(folder, 'new'), figureFormats);
    expect(paths.map((path) => path.slice(folder.length + 5))).toEqual(
      ['svg', 'png', 'csv', 'json', 'vl.json'].map((ending) => `instances-per-action.${ending}`),
    );
    expect(readdirSync(join(folder, 'new'))).toHaveLength(5);
    const csv = parse(readFileSync(paths[2]), { columns: true }) as Record<string, string>[];
    expect(csv.map(({ label, instances }) => ({ label, instances: Number(instances) }))).toEqual(
      figure.rows.map(({ label, instances }) => ({ label, instances })),
    );
    expect(JSON.parse(readFileSync(paths[3], 'utf8'))).toEqual(figure.rows);
    expect(JSON.parse(readFileSync(paths[4], 'utf8'))).toEqual(figure.spec);
  });

  it('makes a PNG of twice the pixels, with text in it', async () => {
    const figure = all[0];
    const { root } = await draw(figure);
    const png = await renderPng(figure);
    expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
    const { width, height } = await sharp(png).metadata();
    expect([width, height]).toEqual([2 * Number(root.width), 2 * Number(root.height)]);
    // The title's place, and it alone, holds dark pixels.
    const title = await sharp(png).extract({ left: 300, top: 20, width: 600, height: 30 }).greyscale().stats();
    expect(title.channels[0].min).toBeLessThan(80);
  });
});

// ---- below: internals ----

/** Sixty actions in nine parts, all with long names, and videos of a hundred instances. */
function crowded(): { taxonomy: Taxonomy; dataset: Dataset } {
  const parts = Array.from({ length: 9 }, (_, i) => ({ code: `P${i}`, name: `身体 part number ${i}, of a long name` }));
  const actions = Array.from({ length: 60 }, (_, id) => {
    const name = `moving something around for a long while, variant ${id}`;
    return { id, code: `X${id}`, name, description: '', bodyPart: `P${id % 9}` };
  });
  const clips = [0, 1, 2].map((clip): Clip => {
    const instances = Array.from({ length: 100 }, (_, i) => {
      const start = (i * 7.3) % 90;
      return { action: actions[(i * (clip + 3)) % 60].name, start, end: start + 1 + (i % 17), score: (i % 10) / 10 };
    });
    return { id: `${clip} `.repeat(100), durationSeconds: 120, instances };
  });
  const taxonomy = new Taxonomy({ name: 'lab', bodyParts: parts, actions });
  return { taxonomy, dataset: { taxonomy, clips } };
}

/** The SVG as a strict XML reader sees it; whatever vega warns of fails the test. */
async function draw(figure: Figure) {
  const svg = await renderSvg(figure, {
    warn: (message) => {
      throw new Error(`${figure.name}: ${message}`);
    },
  });
  const texts: string[] = [];
  const fills: string[] = [];
  let root: Record<string, string> = {};
  let text: string | undefined;
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'svg') root = attributes as Record<string, string>;
    if (name === 'path' && attributes.fill) fills.push(String(attributes.fill));
    if (name === 'text' || name === 'tspan') text = '';
  });
  parser.on('text', (part) => {
    if (text !== undefined) text += part;
  });
  parser.on('closetag', ({ name }) => {
    if ((name === 'text' || name === 'tspan') && text) texts.push(text);
    if (name === 'text' || name === 'tspan') text = undefined;
  });
  parser.write(svg).close();
  return { svg, root, texts, fills };
}
