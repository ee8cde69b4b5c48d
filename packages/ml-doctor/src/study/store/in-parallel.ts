/** Many small waits at once, not all at once. */

/** Enough to keep the system busy; each may hold a file open. */
const AT_ONCE = 64;

/**
 * Calls `work` for each item. Once one fails no more are begun, and its error is thrown when none is running any more.
 *
 * @param atOnce for work that holds much memory.
 */
export async function inParallel<T>(
  items: Iterable<T>,
  work: (item: T) => Promise<unknown>,
  atOnce = AT_ONCE,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  let failed: { readonly error: unknown } | undefined;
  const lane = async () => {
    while (failed === undefined) {
      const next = iterator.next();
      if (next.done === true) return;
      try {
        await work(next.value);
      } catch (error) {
        failed ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  if (failed !== undefined) throw failed.error;
}
