import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { parseJson } from '../../annotation/formats/json.ts';
import { UsageError, UserError } from '../../errors.ts';
import { fileError } from '../../files/fileError.ts';
import { checkOutputFolder } from '../../files/outputFolder.ts';
import { readText } from '../../files/readText.ts';
import { writeAtomically } from '../../files/writeAtomically.ts';
import type { VideoMae } from '../../models/backbones/index.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Table4Setting } from '../../training/detection/table4.ts';
import type { DetectionRecipe } from '../../training/recipe.ts';
import { namesOf } from '../arguments.ts';
import { type DeviceName, device, deviceHelp } from '../device.ts';
import { wholeFrom } from '../inputs.ts';
import { fixed } from '../numbers.ts';
import { heading, type NumberColumn, numberTable } from '../numberTable.ts';
import type { Session } from '../session.ts';
import { type DetectionFolder, detection } from '../train/detection.ts';
import { readRecipe } from '../train/recipeOptions.ts';
import { runTraining, withTaxonomy } from '../train/trainRun.ts';

export function reproduceTable4Command(session: Session): Command {
  return new Command('table4')
    .description('Train the five settings of table 4 of the MMAD paper under one recipe, and compare.')
    .requiredOption('--data <folder>', detection.dataHelp)
    .requiredOption('--out <folder>', 'where the runs go, each in a folder of its own')
    .option('--recipe <name>', 'one with a backbone, or a JSON file; what of it is trained, the settings say', 'dsta-s')
    .option('--set <[setting:]key=value>', 'change the recipe, or that of one setting (may be given again)', listed, [])
    .option('--weights <file>', 'what the backbone begins with: VideoMAE, or a detector whose backbone is taken')
    .option('--from-nothing', 'compare in a backbone that knows nothing, instead of --weights')
    .option('--only <settings>', `of ${settings.join(', ')}`, namesOf(settings, 'setting'))
    .option('--device <name>', deviceHelp, device, 'cpu')
    .option('--threads <count>', 'processor threads to use', wholeFrom(1))
    .option('--json', 'print one JSON document on standard output and nothing else there')
    .option('--quiet', 'no progress, no notes; failures only')
    .addHelpText('after', explanation)
    .action((options: Table4Options) => reproduceTable4(session, options));
}

// ---- below: internals ----

/** As `table4Settings`, which is loaded when it is needed. */
const settings = ['snippet', 'full', 'standard', 'tia', 'dsta'] as const satisfies readonly Table4Setting[];

/** Beside the folders of the runs. */
const snippetFolder = 'snippets';

const listed = (text: string, before: readonly string[]): readonly string[] => [...before, text];

interface Table4Options {
  readonly data: string;
  readonly out: string;
  readonly recipe: string;
  readonly set: readonly string[];
  readonly weights?: string;
  readonly fromNothing?: true;
  readonly only?: readonly Table4Setting[];
  readonly device: DeviceName;
  readonly threads?: number;
  readonly json?: true;
  readonly quiet?: true;
}

const explanation = `
snippet   features of single clips by the backbone as it is, made once; the same head learns from them
full      all of the backbone is trained
standard  a bottleneck adapter in each block is trained, the rest of the backbone is not
tia       the adapter of AdaTAD, which looks along time
dsta      the adapter of MMAD, which looks along time and across space

Nothing else differs: pictures, windows, schedule, seed, head. Full fine-tuning mostly
wants a smaller rate than adapters; --set full:training.learningRate.backbone=1e-5 gives
it one, and the table says so.
Stopped, the same command goes on; settings that are done are not trained again.

Examples:
  microaction reproduce table4 --data mma52 --out table4 --weights vit-small-k400.pth --device cuda
  microaction reproduce table4 --data simulated --out table4 --recipe tiny --weights run/best/weights.safetensors
`;

/** What was measured of a setting. */
interface Measured {
  readonly tunedParameters: number;
  /** Detection-mAP of actions at validation, averaged over tIoU 0.1 to 0.9, in percent. */
  readonly map: number;
  readonly epoch: number;
  readonly weights: string;
}

async function reproduceTable4(session: Session, options: Table4Options): Promise<void> {
  const { out, only = settings, weights, quiet = false } = options;
  if ((weights === undefined) === (options.fromNothing === undefined)) {
    const what = 'a VideoMAE file, or best/weights.safetensors of a run that trained the whole backbone';
    throw new UsageError(`reproduce table4: expected either --weights FILE (${what}) or --from-nothing, one of both`);
  }
  const made = await recipesOf(options);
  const { base, recipes } = made;
  await checkOutputFolder(out);
  const labels = base.taxonomy ? new Taxonomy(base.taxonomy) : microActions52;
  const data = await detection.read(options.data, { taxonomy: labels, signal: session.signal });
  for (const warning of data.warnings) session.note(warning);
  if (!data.validation.clips.some(({ instances }) => instances.length > 0)) {
    throw new UserError(
      'no-videos',
      `${options.data}: no annotated video is for validation, which settings are compared by`,
    );
  }
  await filledBackbone(base, weights); // refuses weights that do not fit before anything is written
  await keepTo(out, { weights: weights === undefined ? null : await digestOf(weights), recipes });

  try {
    for (const [i, setting] of only.entries()) {
      if (await resultOf(join(out, setting), recipes[setting])) continue;
      if (!quiet) session.note(`${setting} (${i + 1} of ${only.length}): trained in ${join(out, setting)}`);
      await trainSetting(session, setting, made, data, options);
    }
  } catch (error) {
    if (session.signal.aborted && !quiet) session.note(`${out}: the same command goes on where it stopped`);
    throw error;
  }
  const measured = new Map<Table4Setting, Measured>();
  for (const setting of settings) {
    const result = await resultOf(join(out, setting), recipes[setting]);
    if (result) measured.set(setting, result);
  }
  await session.print(options.json ? await documentOf(made, measured) : await tableOf(made, measured, session));
}

/** The setting that an assignment is for alone. */
const settingOf = (assignment: string): string | undefined => /^(\w+):/.exec(assignment)?.[1];

type BackboneRecipe = DetectionRecipe & { readonly backbone: NonNullable<DetectionRecipe['backbone']> };

interface Recipes {
  readonly base: BackboneRecipe;
  readonly recipes: Readonly<Record<Table4Setting, DetectionRecipe>>;
}

/** The recipe of the table, and what becomes of it in each setting. */
async function recipesOf({ recipe: name, set }: Table4Options): Promise<Recipes> {
  const [{ recipeOfSetting }, { parseRecipe, requireTask, withSettings }] = await Promise.all([
    import('../../training/detection/table4.ts'),
    import('../../training/recipe.ts'),
  ]);
  const unknown = set.map(settingOf).find((found) => found !== undefined && !settings.some((one) => one === found));
  if (unknown !== undefined) {
    throw new UsageError(`--set ${unknown}:...: there is no setting "${unknown}"; there are ${settings.join(', ')}`);
  }
  const shared = set.filter((text) => settingOf(text) === undefined);
  const { backbone, ...rest } = await readRecipe(
    { recipe: name, set: shared },
    { task: 'detection', recipes: await detection.recipes() },
  );
  if (!backbone) throw new UsageError(`--recipe ${name}: it is of stored features; name one with a backbone`);
  const base = { ...rest, backbone };
  const recipeOf = (setting: Table4Setting): DetectionRecipe => {
    const own = set.filter((text) => settingOf(text) === setting).map((text) => text.slice(setting.length + 1));
    const recipe = recipeOfSetting(base, setting);
    return requireTask(parseRecipe(withSettings(recipe, own, recipe.name), recipe.name), 'detection', recipe.name);
  };
  const recipes = Object.fromEntries(settings.map((setting) => [setting, recipeOf(setting)]));
  return { base, recipes: recipes as Record<Table4Setting, DetectionRecipe> };
}

/**
 * Keeps what a folder's runs are made by; a folder holds runs of one kind.
 *
 * @throws UserError `exists`, naming what differs
 */
async function keepTo(out: string, kind: { readonly weights: string | null; readonly recipes: object }): Promise<void> {
  const { differences } = await import('../../training/recipe.ts');
  const path = join(out, 'table4.json');
  const folders = [...settings, snippetFolder];
  const begun = await Promise.all(folders.map((name) => isThere(join(out, name))));
  const before = begun.includes(true) && (await isThere(path)) ? parseJson(await readText(path), path) : undefined;
  if (before === undefined && begun.includes(true)) {
    const names = folders.filter((_, i) => begun[i]).join(', ');
    throw new UserError('exists', `${out}: it holds ${names} that this command did not make; name another folder`);
  }
  const differing = before === undefined ? [] : differences(before, JSON.parse(JSON.stringify(kind)));
  if (differing.length > 0) {
    const list = differing.map((difference) => `\n  ${difference}`).join('');
    const advice = 'give the same options again, or name another folder';
    throw new UserError('exists', `${out}: its runs were begun otherwise; ${advice}:${list}`);
  }
  await mkdir(out, { recursive: true });
  await writeAtomically(path, `${JSON.stringify(kind, null, 2)}\n`);
}

/** What a run measured, if it came to its end. */
async function resultOf(run: string, recipe: DetectionRecipe): Promise<Measured | undefined> {
  const [{ readRunLog }, { tunedParametersOf }] = await Promise.all([
    import('../../training/runLog.ts'),
    import('../../training/detection/table4.ts'),
  ]);
  const log = await readRunLog(join(run, 'log.jsonl'));
  const last = log.at(-1);
  if (last?.kind !== 'event' || last.event !== 'ended') return undefined;
  const best = log.findLast((record) => record.kind === 'validation' && record.isBest);
  if (best?.kind !== 'validation') return undefined;
  const weights = join(run, 'best', 'weights.safetensors');
  return { tunedParameters: tunedParametersOf(recipe), map: 100 * best.measures.action, epoch: best.epoch, weights };
}

async function trainSetting(
  session: Session,
  setting: Table4Setting,
  { base, recipes }: Recipes,
  data: DetectionFolder,
  options: Table4Options,
): Promise<void> {
  const recipe = await withTaxonomy(recipes[setting], data.taxonomy);
  const { weights, device, threads, quiet = false } = options;
  const out = join(options.out, setting);
  const resume = await isThere(join(out, 'last'));
  const folder = setting === 'snippet' ? await snippetsOf(session, base, data, options) : data.folder;
  const note = (line: string) => {
    if (!quiet) session.note(line);
  };
  await using opened = await detection.open({ ...data, folder }, recipe, { options: { device, threads }, note });
  const [{ VideoDetector }, { loadInitialBackbone }] = await Promise.all([
    import('../../models/detection/index.ts'),
    import('../../training/detection/initialWeights.ts'),
  ]);
  const fill = async () => {
    const { model } = opened.task;
    if (weights !== undefined && model instanceof VideoDetector) await loadInitialBackbone(model.backbone, weights);
  };
  const { summary } = detection;
  await runTraining(session, opened, { recipe, out, resume, fill, device, threads, quiet, summary });
}

/** Makes the features that the head of the snippet setting is trained from. → their folder */
async function snippetsOf(
  session: Session,
  base: BackboneRecipe,
  data: DetectionFolder,
  options: Table4Options,
): Promise<string> {
  const { weights, device, threads, quiet = false } = options;
  const [{ snippetModel }, { snippetFeatures }, { writeFeatures }] = await Promise.all([
    import('../../inference/model/snippetModel.ts'),
    import('../../inference/model/videoFeatures.ts'),
    import('../writeFeatures.ts'),
  ]);
  const out = join(options.out, snippetFolder);
  const model = await filledBackbone(base, weights);
  const { sizePixels, frameStride } = base.data;
  await using maker = snippetFeatures(await snippetModel(model, { sizePixels, device, threads }), frameStride);
  // By which weights, the file beside the runs says.
  const about = { of: `VideoMAE of ${base.name}`, file: null, sizePixels, clipFrames: model.options.clipFrames };
  const clips = [...data.training.clips, ...data.validation.clips];
  await mkdir(out, { recursive: true });
  await writeFeatures(session, clips, maker, { about, out, threads, quiet });
  return out;
}

/** @throws UserError `mismatch`, listing all weights that do not fit */
async function filledBackbone({ backbone, training }: BackboneRecipe, weights: string | undefined): Promise<VideoMae> {
  const [{ Initializer }, { VideoMae }, { loadInitialBackbone }] = await Promise.all([
    import('onnxgrad/nn'),
    import('../../models/backbones/index.ts'),
    import('../../training/detection/initialWeights.ts'),
  ]);
  const model = new VideoMae(backbone, new Initializer(training.seed));
  if (weights !== undefined) await loadInitialBackbone(model, weights);
  return model;
}

async function documentOf({ base }: Recipes, measured: ReadonlyMap<Table4Setting, Measured>): Promise<string> {
  const { publishedTable4 } = await import('../../training/detection/table4.ts');
  const rows = settings.map((setting) => {
    const own = measured.get(setting);
    const { title, ...published } = publishedTable4[setting];
    return { setting, title, published, measured: own ? { ...own, gain: gainOf(setting, measured) ?? null } : null };
  });
  return `${JSON.stringify({ recipe: base.name, unit: 2 ** 20, settings: rows }, null, 2)}\n`;
}

async function tableOf(
  { base, recipes }: Recipes,
  measured: ReadonlyMap<Table4Setting, Measured>,
  session: Session,
): Promise<string> {
  const [{ publishedTable4, recipeOfSetting }, { differences }] = await Promise.all([
    import('../../training/detection/table4.ts'),
    import('../../training/recipe.ts'),
  ]);
  const signed = (gain: number | null | undefined) => (gain && gain > 0 ? `+${fixed(gain)}` : fixed(gain));
  const rows = settings.map((setting) => {
    const { title, tunedParameters, map, gain } = publishedTable4[setting];
    const own = measured.get(setting);
    const tuned = own && own.tunedParameters > 0 ? own.tunedParameters / 2 ** 20 : undefined;
    const ownCells = [fixed(tuned, 3), fixed(own?.map), signed(gainOf(setting, measured))];
    return [title, fixed(tunedParameters), fixed(map), signed(gain), ...ownCells];
  });
  const notes = [
    'Tuned: parameters of the backbone that are trained, in units of 2^20. mAP: of actions at validation, in percent,',
    'averaged over tIoU 0.1 to 0.9. Paper: VideoMAE-S on MMA-52 (MMAD, table 4).',
    ...settings.flatMap((setting) =>
      differences(recipeOfSetting(base, setting), recipes[setting]).map((one) => `${setting} alone: ${one}`),
    ),
  ];
  const lines = notes.map((line) => `${session.style('dim', line)}\n`).join('');
  return `${heading(`Table 4 by the recipe ${base.name}`, session)}${numberTable(columns, rows, session)}${lines}`;
}

const columns: readonly NumberColumn[] = [
  { title: 'setting', align: 'left' },
  { title: 'paper: tuned' },
  { title: 'mAP' },
  { title: 'gain' },
  { title: 'here: tuned' },
  { title: 'mAP' },
  { title: 'gain' },
];

/** Over features of snippets. */
function gainOf(setting: Table4Setting, measured: ReadonlyMap<Table4Setting, Measured>): number | undefined {
  const [own, snippet] = [measured.get(setting), measured.get('snippet')];
  return own && snippet && setting !== 'snippet' ? own.map - snippet.map : undefined;
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash).catch((error) => {
    throw fileError(error, path, 'read');
  });
  return hash.digest('hex');
}
