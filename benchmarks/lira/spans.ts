/** Pieces of work on a clock, and how much of the wall-clock time each kind of them had. */

export const kinds = ['train', 'query', 'score'] as const;
export type Kind = (typeof kinds)[number];

export interface Span {
  readonly kind: Kind;
  /** Seconds on any one clock. */
  readonly from: number;
  readonly to: number;
}

/**
 * Wall-clock seconds by kind. A moment in which several pieces are worked on is shared out among them equally, so the
 * sum is the time in which anything was worked on.
 */
export const wallByKind = (spans: readonly Span[]): Readonly<Record<Kind, number>> => {
  const wall = { train: 0, query: 0, score: 0 };
  const edges = [...new Set(spans.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  for (const [i, from] of edges.slice(0, -1).entries()) {
    const to = edges[i + 1] as number;
    const running = spans.filter((span) => span.from <= from && span.to >= to);
    for (const { kind } of running) wall[kind] += (to - from) / running.length;
  }
  return wall;
};
