/** The decimal nearest to the exact value of a double; half-way cases to the even digit, as Python's `round`. */
export function roundHalfEven(value: number, decimals: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  // value * 10^d ends in exactly .5 only if value is an odd multiple of 2^-(d+1); `toFixed` is exact for the rest.
  const halves = Math.abs(value * 2 ** (decimals + 1));
  if (halves % 2 !== 1) return Number(value.toFixed(decimals));
  const scale = 10 ** decimals;
  const below = Math.floor(value * scale);
  return (below % 2 === 0 ? below : below + 1) / scale;
}
