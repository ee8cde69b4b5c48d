/** The splits of the three papers, by name. */

/**
 * `ml-doctor-2022`: four random quarters (USENIX Security 2022, the released code). `ml-leaks-2019`: halves and halves
 * again, of the sizes that its code takes (NDSS 2019). `shokri-2017`: members and as many non-members of the sizes in the
 * paper (S&P 2017), the attacker's shadow models from the rest.
 */
export const NAMED_SPLITS = ['ml-doctor-2022', 'ml-leaks-2019', 'shokri-2017'] as const;
export type NamedSplit = (typeof NAMED_SPLITS)[number];

/** A paper's split of one data set, as {@link SplitOptions} takes it; the quarters of `ml-doctor-2022` need no word. */
export type PaperRoles = {
  readonly name: Exclude<NamedSplit, 'ml-doctor-2022'>;
  /** What the paper took of this data set; quarters of it where that is not known. */
  readonly sizes?: {
    readonly members: number;
    readonly nonMembers: number;
    readonly auxiliary: number;
  };
};
