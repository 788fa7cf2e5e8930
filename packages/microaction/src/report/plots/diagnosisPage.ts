import {
  type CharacteristicName,
  characteristicNames,
  type Diagnosis,
  errorTypes,
  type LevelDiagnosis,
} from '../../evaluation/diagnosis/index.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { joinModules, pageAssets, readPart } from '../pageAssets.ts';
import { escapeHtml } from '../reportPage.ts';
import { characteristicTitles, diagnosisFigures, errorTypeNames } from './diagnosisFigures.ts';
import { hueOf } from './figure.ts';
import { type Column, htmlTable, type Row } from './htmlTable.ts';
import { renderSvg } from './renderSvg.ts';

export interface DiagnosisPageOptions {
  /** What the page is called: the name of the predictions, for one. Any text. */
  readonly title: string;
  readonly taxonomy: Taxonomy;
  /** Where a page about a video is: a URL, best one relative to this page; undefined where there is none. */
  readonly videoUrl?: (video: string) => string | undefined;
}

/** One self-contained HTML page with a diagnosis' numbers, tables and figures. Needs no network and no server. */
export async function diagnosisPage(diagnosis: Diagnosis, options: DiagnosisPageOptions): Promise<string> {
  const { counts } = diagnosis.action;
  const slots: Record<string, string> = {
    title: escapeHtml(options.title),
    facts: [
      `${count(counts.videos)} videos`,
      `${count(counts.instances)} instances`,
      `${count(counts.predictions)} predictions`,
      `temporal IoU ${diagnosis.tiou.join(', ')}`,
    ].join(' · '),
    levels: [
      await levelSection(diagnosis, 'action', 'Actions', options),
      await levelSection(diagnosis, 'body', 'Body parts', options),
    ].join('\n'),
    css: `${pageAssets().css}\n${readPart(new URL('page/diagnosisPage.css', import.meta.url))}`,
    script: joinModules(new URL(`page/main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)),
  };
  // Slots look like %title%, /* %css% */ or <!-- %levels% -->, so that the HTML is well-formed as it lies there.
  return readPart(new URL('page/diagnosisPage.html', import.meta.url)).replace(
    /(?:\/\* |<!-- )?%(\w+)%(?: \*\/| -->)?/g,
    (_, name: string) => slots[name],
  );
}

// ---- below: internals ----

const count = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 1 });
const percent = (share: number | null) => (share === null ? '–' : `${(100 * share).toFixed(1)} %`);

async function levelSection(
  diagnosis: Diagnosis,
  name: 'action' | 'body',
  heading: string,
  options: DiagnosisPageOptions,
): Promise<string> {
  const level = diagnosis[name];
  const drawn: Record<string, string> = {};
  for (const figure of diagnosisFigures(diagnosis, name, options.taxonomy)) {
    const svg = await renderSvg(figure);
    const drawing = `<div class="drawing" role="img" aria-label="${escapeHtml(figure.title)}">${svg}</div>`;
    drawn[figure.name.replace(`-${name}`, '')] = drawing;
  }
  const figure = (id: string, ...tables: string[]) =>
    `<figure class="figure">${drawn[id]}${tables.length === 0 ? '' : details(tables.join(''))}</figure>`;
  return `<section class="level" id="${name}">
<h2>${heading}</h2>
${summary(level)}
${figure('false-positives', profileTable(level), gainTable(level))}
<p class="note">${profileNote}</p>
${figure(
  'false-negatives',
  bucketTable(level.falseNegatives.buckets, 'missed', ({ rate }) => rate),
)}
${figure(
  'sensitivity',
  bucketTable(level.sensitivity.buckets, 'average mAP_N', ({ map }) => map),
)}
${figure('confused-pairs', confusionTable(level))}
${figure('confusion-matrix')}
${figure('missed-beside', besideTable(level))}
${figure('calibration', calibrationTable(level))}
<h3>Classes</h3>
${classTable(diagnosis, level, options.taxonomy)}
<h3>Worst videos</h3>
${worstTable(level, options.videoUrl)}
</section>`;
}

const details = (html: string) => `<details><summary>numbers</summary>${html}</details>`;

const profileNote =
  'mAP_N is mAP with normalised precision, which gives rare and frequent classes equal chances. Double detection: the ' +
  'instance is found already. Wrong label: right place, other class. Localisation error: right class, too little ' +
  'overlap. Confusion: both. Background: hardly any overlap with an instance.';

function summary({ counts, falsePositives, sensitivity, concurrency, calibration }: LevelDiagnosis): string {
  const { alone, concurrent } = concurrency;
  const instances = alone.instances + concurrent.instances;
  const facts: [string, string][] = [
    ['average mAP_N, all predictions', percent(sensitivity.average)],
    [`average mAP_N, top-${falsePositives.profile.length}G`, percent(falsePositives.average)],
    ['instances missed', percent(instances === 0 ? null : (alone.missed + concurrent.missed) / instances)],
    ['missed alone', percent(alone.rate)],
    ['missed beside another', percent(concurrent.rate)],
    ['expected calibration error', calibration.expectedCalibrationError?.toFixed(3) ?? '–'],
    ['instances per class', count(counts.instancesPerClass)],
    ['left out: instances', count(counts.instancesLeftOut)],
    ['left out: predictions', count(counts.predictionsLeftOut)],
  ];
  return `<dl class="summary">${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl>`;
}

const word = (title: string): Column => ({ title });
const number = (title: string, write: (value: number) => string = count): Column => ({ title, write });

function profileTable({ falsePositives }: LevelDiagnosis): string {
  const columns = [
    word('group'),
    number('predictions'),
    ...errorTypes.map((type) => number(errorTypeNames[type], percent)),
  ];
  const rows = falsePositives.profile.map(
    ({ group, predictions, fractions }): Row => [
      group,
      predictions,
      ...errorTypes.map((type) => fractions?.[type] ?? null),
    ],
  );
  return htmlTable(columns, rows);
}

function gainTable({ falsePositives: { gain } }: LevelDiagnosis): string {
  const rows = errorTypes.flatMap((type): Row[] =>
    type === 'truePositive' ? [] : [[errorTypeNames[type], 100 * gain[type]]],
  );
  return htmlTable([word('removed'), number('gain of average mAP_N, points', (value) => value.toFixed(2))], rows);
}

function bucketTable<
  T extends { readonly label: string; readonly from: number; readonly to: number | null; readonly instances: number },
>(
  buckets: Readonly<Record<CharacteristicName, readonly T[]>>,
  title: string,
  measured: (bucket: T) => number | null,
): string {
  const rows = characteristicNames.flatMap((name) =>
    buckets[name].map((bucket): Row => {
      const { label, from, to, instances } = bucket;
      return [characteristicTitles[name], label, from, to, instances, measured(bucket)];
    }),
  );
  const edge = (text: string) => number(text, (value) => String(Number(value.toPrecision(6))));
  return htmlTable(
    [word('by'), word('bucket'), edge('above'), edge('up to'), number('instances'), number(title, percent)],
    rows,
  );
}

function confusionTable({ confusions }: LevelDiagnosis): string {
  const rows = confusions.pairs
    .slice(0, 100)
    .map(({ truth, predicted, wrongLabel, confusion }): Row => [truth, predicted, wrongLabel, confusion]);
  return htmlTable([word('what it is'), word('taken for'), number('wrong label'), number('confusion')], rows);
}

function besideTable({ concurrency }: LevelDiagnosis): string {
  const rows = concurrency.pairs
    .slice(0, 100)
    .map(
      ({ missedClass, besideClass, instances, missed, rate }): Row => [
        missedClass,
        besideClass,
        instances,
        missed,
        rate,
      ],
    );
  return htmlTable(
    [word('missed'), word('beside'), number('instances'), number('missed'), number('rate', percent)],
    rows,
  );
}

function calibrationTable({ calibration }: LevelDiagnosis): string {
  const score = (title: string) => number(title, (value) => value.toFixed(2));
  const rows = calibration.bins.map(
    ({ from, to, predictions, meanScore, precision }): Row => [from, to, predictions, meanScore, precision],
  );
  return htmlTable(
    [score('score from'), score('to'), number('predictions'), score('mean score'), number('true positives', percent)],
    rows,
  );
}

function classTable(
  { tiou }: Diagnosis,
  { classes, sensitivity, falseNegatives }: LevelDiagnosis,
  taxonomy: Taxonomy,
): string {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / tiou.length;
  const rows = classes.map(
    (name): Row => [
      { text: name, hue: hueOf(name, taxonomy) },
      mean(sensitivity.apPerClass[name]),
      mean(falseNegatives.apPerClass[name]),
    ],
  );
  const columns = [
    word('class'),
    number('AP_N, all predictions', percent),
    number('AP_N, precise enough predictions', percent),
  ];
  return htmlTable(columns, rows);
}

function worstTable({ worstVideos }: LevelDiagnosis, videoUrl: DiagnosisPageOptions['videoUrl']): string {
  const rows = worstVideos.map(({ video, instances, missed, falsePositives, errors }): Row => {
    const href = videoUrl?.(video);
    return [href === undefined ? video : { text: video, href }, instances, missed, falsePositives, errors];
  });
  return htmlTable(
    [word('video'), number('instances'), number('missed'), number('false positives'), number('errors')],
    rows,
  );
}
