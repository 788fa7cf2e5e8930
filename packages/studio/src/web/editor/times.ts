/** Seconds of `12.4`, `1:02.400` or `1:00:02.4`, with a comma too; undefined for anything else. */
export function parseTime(text: string): number | undefined {
  const match = /^(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d*)?)$/.exec(text.normalize('NFKC').trim());
  if (!match) return undefined;
  const [, hours = '0', minutes = '0', seconds] = match;
  if (match[2] !== undefined && Number(seconds.replace(',', '.')) >= 60) return undefined;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds.replace(',', '.'));
}
