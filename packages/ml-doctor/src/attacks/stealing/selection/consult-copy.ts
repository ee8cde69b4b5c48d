/** Asks a copy what it believes of many inputs, some at a time. */
import type { InformedInput, SelectionContext } from '../select-queries.ts';

/** Inputs of one call: enough that calls cost nothing beside their work, few enough to stop between two. */
const AT_ONCE = 8192;

/**
 * Hands the copy's posteriors (`rows × classes`) to `take`, in the order of the positions; `first` is the place of the
 * first row among them. `progress` is told the share of positions done.
 * @throws the signal's reason when stopped
 */
export const consultCopy = async (
  positions: Uint32Array,
  { believes, classes }: Pick<InformedInput, 'believes' | 'classes'>,
  { signal, progress }: { signal: SelectionContext['signal']; progress: (fraction: number) => void },
  take: (beliefs: Float32Array, first: number) => void,
): Promise<void> => {
  for (let first = 0; first < positions.length; first += AT_ONCE) {
    signal.throwIfAborted();
    const some = positions.slice(first, first + AT_ONCE);
    const beliefs = await believes(some);
    if (beliefs.length !== some.length * classes || !beliefs.every(Number.isFinite))
      throw new Error('internal: a copy does not believe a finite number of each input and class');
    take(beliefs, first);
    progress((first + some.length) / positions.length);
  }
};
