/** The words for what a classifier's input and output can be. */

export const INPUT_LAYOUTS = ['nchw', 'nhwc', 'flat'] as const;
export type InputLayout = (typeof INPUT_LAYOUTS)[number];

export const OUTPUT_KINDS = ['logits', 'probabilities', 'log-probabilities'] as const;
export type OutputKind = (typeof OUTPUT_KINDS)[number];
