/**
 * Lets a generator work on the next values while its consumer looks at one: at most `depth` are asked for ahead.
 * When the consumer leaves early, `stop` is aborted, and the generator's own clean-up is awaited.
 */
export async function* readAhead<T>(
  values: AsyncGenerator<T, void, undefined>,
  depth: number,
  stop?: AbortController,
): AsyncGenerator<T, void, undefined> {
  const pending: Promise<IteratorResult<T, void>>[] = [];
  let done = false;
  try {
    for (;;) {
      while (pending.length < depth) {
        const value = values.next();
        value.catch(() => {}); // It is thrown when its turn comes, if it does.
        pending.push(value);
      }
      const result = await pending.shift()!;
      if (result.done) {
        done = true;
        return;
      }
      yield result.value;
    }
  } finally {
    if (!done) stop?.abort();
    await values.return();
  }
}
