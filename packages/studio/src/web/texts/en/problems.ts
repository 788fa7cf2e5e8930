/**
 * What a refused request means, by its code. The server's own messages are in English and say more than a code can, so
 * that here stand only those of the pages themselves; other languages have all.
 */
export const problems: Readonly<Record<string, string>> = {
  unreachable: 'The studio does not answer: is it still running? Nothing was changed; try again.',
  unexpected: 'The studio answered something unexpected. Nothing is lost; try again.',
};
