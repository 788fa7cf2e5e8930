import { type Clip, type Dataset, Taxonomy, type TaxonomyData } from 'microaction';
import type { CodersDatasets } from './coderAgreement.ts';

/** A data set as it goes from thread to thread. */
export interface PlainDataset {
  readonly taxonomy: TaxonomyData;
  readonly clips: readonly Clip[];
}

export interface PlainCoders {
  readonly coders: readonly string[];
  readonly datasets: readonly PlainDataset[];
  readonly agreedAboveIou: number;
}

export interface PlainComparison {
  readonly predictions: PlainDataset;
  readonly truth: PlainDataset;
}

export const plain = ({ taxonomy, clips }: Dataset): PlainDataset => ({ taxonomy: taxonomy.toJSON(), clips });

export const fromPlain = ({ taxonomy, clips }: PlainDataset): Dataset => ({ taxonomy: new Taxonomy(taxonomy), clips });

export const fromPlainCoders = ({ datasets, ...rest }: PlainCoders): CodersDatasets => ({
  ...{ ...rest, datasets: datasets.map(fromPlain) },
});
