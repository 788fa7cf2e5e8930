/**
 * Makes something of each item, in order, a few ahead of what is being used. What is begun is waited for when nobody wants
 * more; a failure is told when its turn comes.
 *
 * @param ahead - how many are in the making while one is used
 */
export async function* madeAhead<Item, Made>(
  items: readonly Item[],
  make: (item: Item) => Promise<Made>,
  ahead: number,
): AsyncGenerator<Made, void, undefined> {
  const coming: Promise<Made>[] = [];
  try {
    for (let next = 0; next < items.length || coming.length > 0; ) {
      while (next < items.length && coming.length <= ahead) {
        const made = make(items[next++]);
        made.catch(() => {}); // told when its turn comes
        coming.push(made);
      }
      yield (await coming.shift()) as Made;
    }
  } finally {
    await Promise.allSettled(coming);
  }
}
