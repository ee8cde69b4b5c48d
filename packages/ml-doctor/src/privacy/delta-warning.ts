/** A loud word about a delta that leaves records unprotected. */

/** A sentence for the report where `delta` ≥ 1/n: then publishing one record whole would count as private. */
export const deltaNote = (delta: number, records: number): string | undefined =>
  delta * records >= 1
    ? `delta = ${delta} is not below 1/${records}, one over the number of records. A procedure that publishes ` +
      'a record at random satisfies such a guarantee; no epsilon means anything beside it. Choose a delta far below ' +
      `${Number((1 / records).toPrecision(2))}.`
    : undefined;
