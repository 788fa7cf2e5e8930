import * as vega from 'vega';
import { compile } from 'vega-lite';
import type { Figure } from './figure.ts';
import { textWidth } from './textWidth.ts';

export interface RenderOptions {
  /** Takes what vega has to say of a figure. Default: it stays unsaid. */
  readonly warn?: (message: string) => void;
}

/** The figure as an SVG document. Needs neither DOM nor canvas; without one, text is measured by Arial's widths. */
export async function renderSvg(figure: Figure, options: RenderOptions = {}): Promise<string> {
  measureAsArial();
  const logger = loggerTo(options.warn ?? (() => {}));
  const { spec } = compile(structuredClone(figure.spec), { logger }); // vega marks the rows it is given
  const view = new vega.View(vega.parse(spec), { renderer: 'none', logger });
  try {
    return ownIds(await view.toSVG(), figure.name);
  } finally {
    view.finalize();
  }
}

// ---- below: internals ----

interface TextMetrics {
  /** Text longer than `limit` is cut to it. */
  width(item: { readonly fontSize?: number; readonly limit?: number }, text: string): number;
  readonly estimateWidth: unknown;
}

/** Vega counts gradients from 0; several figures in one page need ids of their own. */
function ownIds(svg: string, name: string): string {
  return svg.replace(/( id="|url\(#)((?:gradient|clip)_?\d+)/g, `$1${name}-$2`);
}

/** Vega's own estimate for where there is no canvas is off by half, which pushes labels and plots apart. */
function measureAsArial(): void {
  const { textMetrics } = vega as unknown as { textMetrics: TextMetrics };
  if (textMetrics.width !== textMetrics.estimateWidth) return;
  textMetrics.width = ({ fontSize = 11, limit = 0 }, text) => {
    const width = textWidth(String(text ?? ''), fontSize);
    return limit > 0 ? Math.min(width, limit) : width;
  };
}

function loggerTo(warn: (message: string) => void): vega.LoggerInterface {
  const logger: vega.LoggerInterface = {
    level: (() => logger) as vega.LoggerInterface['level'],
    error(...messages) {
      throw messages.find((message) => message instanceof Error) ?? new Error(messages.join(' '));
    },
    warn(...messages) {
      warn(messages.join(' '));
      return logger;
    },
    info: () => logger,
    debug: () => logger,
  };
  return logger;
}
