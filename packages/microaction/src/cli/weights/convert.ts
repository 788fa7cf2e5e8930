import { Command } from 'commander';
import { UserError } from '../../errors.ts';
import { readTaxonomy } from '../readTaxonomy.ts';
import type { Session } from '../session.ts';
import { readRecipe } from '../train/recipeOptions.ts';
import { refuseExisting } from '../writeFiles.ts';

export function convertCommand(session: Session): Command {
  return new Command('convert')
    .description('Make of a published recogniser a file that recognize, detect, predict and export take.')
    .argument('<file>', 'as MANet and mmaction2 publish it: .pth, .safetensors ...; nothing in it is executed')
    .requiredOption('--recipe <name>', 'what model it is: manet, tsm, tsn, i3d, slowfast, c3d, or a JSON file')
    .option('--set <key=value>', 'change the recipe: --set hierarchical=true (may be given again)', added, [])
    .option('--taxonomy <file>', 'its classes are the actions of this taxonomy (JSON); the 52 unless given')
    .requiredOption('--out <file>', 'the file to write: manet.safetensors')
    .option('--overwrite', 'replace a file that is there already')
    .addHelpText('after', examples)
    .action((file: string, options: ConvertOptions) => convert(session, file, options));
}

// ---- below: internals ----

interface ConvertOptions {
  readonly recipe: string;
  readonly set: readonly string[];
  readonly taxonomy?: string;
  readonly out: string;
  readonly overwrite?: true;
}

const added = (text: string, before: readonly string[]) => [...before, text];

const examples = `
All weights must be those of the recipe's model: what does not fit is listed, and nothing is written.

Examples:
  microaction weights convert best_top1_acc_epoch_40.pth --recipe manet --out manet.safetensors
  microaction recognize clip.mp4 --model manet.safetensors
`;

async function convert(session: Session, file: string, options: ConvertOptions): Promise<void> {
  const { out, overwrite, taxonomy: taxonomyFile } = options;
  if (!/\.safetensors$/i.test(out)) {
    throw new UserError('wrong-use', `--out ${out}: expected a name that ends in .safetensors`);
  }
  await refuseExisting([out], overwrite);
  const [
    { openWeights, saveWeights },
    { WeightsError },
    { saveState },
    recognition,
    { recogniserOf },
    { recognitionRecipes },
    { parseRecipe },
  ] = await Promise.all([
    import('onnxgrad/weights/node'),
    import('onnxgrad/weights'),
    import('onnxgrad/nn'),
    import('../../models/recognition/index.ts'),
    import('../../inference/recognition/trainedRecogniser.ts'),
    import('../../training/recognition/recipes.ts'),
    import('../../training/recipe.ts'),
  ]);
  const named = await readRecipe(options, { task: 'recognition', recipes: recognitionRecipes });
  const recipe =
    taxonomyFile === undefined
      ? named
      : parseRecipe({ ...named, taxonomy: (await readTaxonomy(taxonomyFile)).toJSON() }, taxonomyFile);
  const model = recogniserOf(recipe);
  try {
    await using weights = await openWeights(file, { prefer: 'ema' });
    const report = recognition.loadRecogniser(model, await weights.readAll());
    await saveWeights(out, saveState(model), { metadata: { recipe: JSON.stringify(recipe) } });
    session.note(`${file}: ${recognition.weightsSummary(report)}`);
    session.note(`wrote ${out}`);
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    const message = error.message.includes(file) ? error.message : `${file}: ${error.message}`;
    throw new UserError(error.code, message, { cause: error });
  }
}
