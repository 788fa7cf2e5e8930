/**
 * How what is said of several views becomes one answer: `probability`, the mean of their probabilities; `score`, the
 * probabilities of their mean logits. As `average_clips` of mmaction2, whose usual choice is the first (`prob`).
 */
export type Averaging = 'probability' | 'score';

/** The probabilities of classes, from the logits of one view or more: each [classes]. */
export function averageViews(views: readonly Float64Array[], averaging: Averaging = 'probability'): Float64Array {
  return averaging === 'probability' ? mean(views.map(softmax)) : softmax(mean(views));
}

/** exp(x) / sum of exp(x), without overflow. */
export function softmax(logits: Float64Array): Float64Array {
  const most = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const weights = logits.map((logit) => Math.exp(logit - most));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

// ---- below: internals ----

const mean = (rows: readonly Float64Array[]): Float64Array =>
  rows[0].map((_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length);
