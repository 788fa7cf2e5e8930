/** What files of a subset begin with in the published data sets. */
export const filePrefixes: Readonly<Record<string, string>> = { training: 'train', validation: 'val', test: 'test' };

/** Four digits, as published names have them; more where they are needed. */
export const numbered = (count: number): string => String(count).padStart(4, '0');

/** Subjects count from 1 in names. */
export const subjectName = (subject: number): string => numbered(subject + 1);
