import { join } from 'node:path';
import type { Figure } from '../report/plots/figure.ts';
import type { OutputFile } from './writeFiles.ts';

/** Figures as files in a folder: each as SVG and PNG. */
export async function figureFiles(figures: readonly Figure[], folder: string): Promise<OutputFile[]> {
  const [{ renderSvg }, { renderPng }] = await Promise.all([
    import('../report/plots/renderSvg.ts'),
    import('../report/plots/renderNode.ts'),
  ]);
  const files: OutputFile[] = [];
  for (const figure of figures) {
    files.push({ path: join(folder, `${figure.name}.svg`), content: await renderSvg(figure) });
    files.push({ path: join(folder, `${figure.name}.png`), content: await renderPng(figure) });
  }
  return files;
}
