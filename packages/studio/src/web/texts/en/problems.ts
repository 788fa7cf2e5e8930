/**
 * What a refused request means, by its code, for those that the server's own message, which is English and names the
 * thing, does not say already.
 */
export const problems: Readonly<Record<string, string>> = {
  unreachable: 'The studio does not answer: is it still running? Nothing was changed; try again.',
};
