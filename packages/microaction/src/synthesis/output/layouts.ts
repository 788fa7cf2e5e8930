import type { ClipPlan } from '../plan/plan.ts';
import { ma52Layout } from './ma52Layout.ts';
import { mma52Layout } from './mma52Layout.ts';

/** How the files of a data set are named and arranged. Paths are relative to its folder, with slashes. */
export interface OutputLayout {
  /** Where each clip's files go, in the order of the plans. */
  placesOf(plans: readonly ClipPlan[]): ClipPlaces[];
  /** Labels, lists and names: all files beside those of single clips. The same plans give the same files. */
  textFilesOf(plans: readonly ClipPlan[], pictures: Pictures): TextFile[];
}

export interface ClipPlaces {
  readonly video: string;
  readonly keyPoints: string;
  readonly flow: string;
}

export interface Pictures {
  readonly widthPixels: number;
  readonly heightPixels: number;
  /** Whether there are videos, not only key points. */
  readonly videos: boolean;
  readonly flow?: boolean;
}

export interface TextFile {
  readonly path: string;
  readonly content: string;
}

export const layouts = { mma52: mma52Layout, ma52: ma52Layout } as const satisfies Record<string, OutputLayout>;
export type LayoutName = keyof typeof layouts;
