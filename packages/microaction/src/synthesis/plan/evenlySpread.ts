/** Numbers in [0, 1), any run of them evenly spread: steps of the golden ratio fall into the widest gap there is. */
export function evenlySpread(start: number): () => number {
  let position = start;
  return () => {
    position = (position + (Math.sqrt(5) - 1) / 2) % 1;
    return position;
  };
}
