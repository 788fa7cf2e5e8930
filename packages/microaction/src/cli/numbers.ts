/** A fraction as percent for a table, `-` where it is undefined. */
export function percent(fraction: number | null | undefined, decimals = 2): string {
  return fixed(fraction === null || fraction === undefined ? fraction : fraction * 100, decimals);
}

/** A number for a table, `-` where it is undefined. */
export function fixed(value: number | null | undefined, decimals = 2): string {
  return value === null || value === undefined || !Number.isFinite(value) ? '-' : value.toFixed(decimals);
}

/** `1 video`, `2 videos`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
