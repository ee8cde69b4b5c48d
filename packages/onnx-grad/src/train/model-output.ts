/** Which of a model's outputs is meant. */
import { OnnxGradError } from '../errors.ts';
import type { Value } from '../graph/value.ts';

/** The name of the wanted output; without a wish `logits` if there is one, else the first. */
export const outputName = (names: readonly string[], wanted?: string): string => {
  const name = wanted ?? (names.includes('logits') ? 'logits' : (names[0] ?? ''));
  if (names.includes(name)) return name;
  throw new OnnxGradError(
    'OG_BAD_ARGUMENT',
    `the model has no output '${name}'`,
    `Its outputs are ${names.join(', ')}.`,
  );
};

export const modelOutput = (outputs: ReadonlyMap<string, Value>, wanted?: string): Value =>
  outputs.get(outputName([...outputs.keys()], wanted)) as Value;
