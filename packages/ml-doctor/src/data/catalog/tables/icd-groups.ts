/** Groups the ICD-9 codes of diagnoses as Strack et al. (BioMed Research International 2014) did, table 2. */

/** From the first code to the last, both with all their digits after the point. */
const RANGES: readonly (readonly [group: string, from: number, to: number])[] = [
  ['circulatory', 390, 459],
  ['circulatory', 785, 785],
  ['respiratory', 460, 519],
  ['respiratory', 786, 786],
  ['digestive', 520, 579],
  ['digestive', 787, 787],
  ['diabetes', 250, 250],
  ['injury', 800, 999],
  ['musculoskeletal', 710, 739],
  ['genitourinary', 580, 629],
  ['genitourinary', 788, 788],
  ['neoplasms', 140, 239],
];
const OTHER = 'other';

export const DIAGNOSIS_GROUPS: readonly string[] = [...new Set(RANGES.map(([group]) => group)), OTHER];

/**
 * The group of a code such as `250.83`, `8` or `V57`; external causes (E) and other reasons (V) are "other". What is no code
 * comes back as it is.
 */
export const diagnosisGroup = (code: string): string => {
  if (!/^(\d{1,3}|[EV]\d{1,3})(\.\d{1,2})?$/.test(code)) return code;
  const number = Math.floor(Number(code));
  return RANGES.find(([, from, to]) => number >= from && number <= to)?.[0] ?? OTHER;
};
