/** The inputs of a pool that were not asked about. */

/** Their positions, ascending. */
export const unasked = (size: number, asked: Uint32Array): Uint32Array => {
  const before = new Uint8Array(size);
  for (const position of asked) before[position] = 1;
  const rest = new Uint32Array(size - asked.length);
  let next = 0;
  for (let position = 0; position < size; position++) if (before[position] === 0) rest[next++] = position;
  if (next !== rest.length)
    throw new Error(`internal: positions asked about twice, or outside a pool of ${size}`);
  return rest;
};
