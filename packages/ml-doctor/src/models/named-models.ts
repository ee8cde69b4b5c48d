/** Models as a configuration names them: an architecture, with what of it is not as usual: `resnet+group-norm`. */
import { z } from 'zod';
import { architectures } from './architectures.ts';
import { modelName, namePattern, parseModelName, withoutOwn } from './model-name.ts';

const all = () => Object.values(architectures);
const networks = () => all().filter(({ trains }) => trains === 'gradient');

const names = (which: ReturnType<typeof all>, others: readonly string[] = []) =>
  z
    .string()
    .regex(
      new RegExp(`^(?:${[...others, ...which.map(namePattern)].join('|')})$`),
      'there is no model of this name',
    );

const examples = (which: ReturnType<typeof all>, others: readonly string[] = []) => ({
  examples: [...others, ...which.map(({ name }) => name)],
});

/** A model by name; what is read says nothing that is so anyhow. */
export const modelNames = () => names(all()).overwrite(usualModelName).meta(examples(all()));

/** As {@link modelNames}, or `target`. */
export const modelOrTarget = () =>
  names(all(), ['target'])
    .overwrite(usualModelName)
    .meta(examples(all(), ['target']));

/** As {@link modelOrTarget}, of models that are trained by gradients. */
export const networkOrTarget = () =>
  names(networks(), ['target'])
    .overwrite(usualModelName)
    .meta(examples(networks(), ['target']));

/** As {@link modelNames}, kept as written: for rules, in which `resnet` is one with any options. */
export const modelNamesAsWritten = () => names(all()).meta({ title: 'model', ...examples(all()) });

/** Without the options that the architecture has anyhow. */
export const usualModelName = (text: string): string => {
  const parsed = parseModelName(text);
  const own = all().find(({ name }) => name === parsed.name);
  return own === undefined ? text : modelName(withoutOwn(parsed, own));
};
