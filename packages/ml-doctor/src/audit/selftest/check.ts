/** One thing that must hold on this machine: tried out, with what was expected and what was found where it does not. */

export interface Finding {
  readonly expected: string;
  readonly found: string;
}

export interface Check {
  /** What must hold, in a few words. */
  readonly name: string;
  /** Nothing where it holds. What it throws counts as found too. */
  readonly run: (signal: AbortSignal) => Promise<readonly Finding[]>;
}

/** Collects what does not hold. */
export class Findings {
  readonly list: Finding[] = [];

  must(holds: boolean, expected: string, found: unknown): void {
    if (!holds) this.list.push({ expected, found: typeof found === 'string' ? found : String(found) });
  }

  /** That an action throws, and what; an error of another kind is a finding as silence is. */
  async mustThrow(action: () => unknown, expected: string, fits: (error: unknown) => boolean): Promise<void> {
    let result: unknown = 'nothing was thrown';
    try {
      await action();
    } catch (error) {
      if (fits(error)) return;
      result = error;
    }
    this.must(false, expected, result);
  }
}

/** A check made of statements on what it finds. */
export const check = (
  name: string,
  body: (findings: Findings, signal: AbortSignal) => void | Promise<void>,
): Check => ({
  name,
  run: async (signal) => {
    const findings = new Findings();
    await body(findings, signal);
    return findings.list;
  },
});

export const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown } | null)?.code;

/** As an aborted computation ends. */
export const isAbort = (error: unknown): boolean =>
  (error as { readonly name?: unknown } | null)?.name === 'AbortError' ||
  /^(OG|MLD)_ABORTED$/.test(String(codeOf(error)));

/** Numbers of an array that is compared: the places that differ, not all of it. */
export const firstDifference = (a: ArrayLike<number>, b: ArrayLike<number>): string | undefined => {
  if (a.length !== b.length) return `${a.length} numbers beside ${b.length}`;
  for (let i = 0; i < a.length; i++)
    if (!Object.is(a[i], b[i])) return `${a[i]} beside ${b[i]} at place ${i}`;
  return undefined;
};
