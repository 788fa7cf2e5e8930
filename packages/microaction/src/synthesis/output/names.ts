/** What files of a subset begin with in the published data sets. */
export const filePrefixes: Readonly<Record<string, string>> = { training: 'train', validation: 'val', test: 'test' };
