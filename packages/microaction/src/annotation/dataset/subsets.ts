/** Whether a subset is the one asked for: `train` and `training`, `val` and `validation` are one. */
export const isSameSubset = (subset: string | undefined, asked: string): boolean =>
  subset !== undefined && canonical(subset) === canonical(asked);

/** Whether a name is that of a subset as data sets have them, for training, validation or test. */
export const isUsualSubset = (name: string): boolean => usual.some((names) => names.includes(plain(name)));

// ---- below: internals ----

const usual = [
  ['train', 'training'],
  ['val', 'valid', 'validation'],
  ['test', 'testing'],
];

const plain = (name: string): string => name.trim().toLowerCase();

const canonical = (name: string): string => usual.find((names) => names.includes(plain(name)))?.[0] ?? plain(name);
