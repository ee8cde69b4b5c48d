/** Records one below the other. */

/** `rows × record length`, row-major. */
export const joined = (rows: readonly Float32Array[]): Float32Array => {
  const width = rows[0]?.length ?? 0;
  const all = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    all.set(row, i * width);
  });
  return all;
};
