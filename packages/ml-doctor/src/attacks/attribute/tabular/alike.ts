/** For the reader of a report: of how many records the attack learnt nothing. */

/** A sentence, where there are such records. */
export const alikeNote = (alike: number, of: number, attribute: string): readonly string[] =>
  alike === 0
    ? []
    : [
        `The model answered ${alike} of ${of} records alike whatever value of '${attribute}' they were given: about those it told nothing.`,
      ];

/** How many rows of `width` labels hold one label only. */
export const alikeRows = (labels: Int32Array, width: number): number => {
  let alike = 0;
  for (let start = 0; start < labels.length; start += width)
    if (labels.subarray(start, start + width).every((label) => label === labels[start])) alike++;
  return alike;
};
