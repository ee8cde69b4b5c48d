/**
 * Attribute inference by queries about table rows: the attacker knows the rest of a person's record and the true label,
 * and asks the model about it with every value of the attribute, or sees its answer to the whole record.
 */
import type { AttributeEditor } from '../../../data/attribute-places.ts';
import { AuditError } from '../../../errors.ts';
import type { Counted, LabelAccess, LiveLabelAccess, PosteriorAccess } from '../../../targets/access.ts';
import { type AttributeInput, type AttributeSetting, attributeAttack } from '../attribute-attack.ts';
import { confidence } from './confidence.ts';
import { fredrikson } from './fredrikson.ts';
import { labelOnly } from './label-only.ts';
import { learned } from './learned.ts';
import { BINS, type TabularOptions, tabularOptions } from './options.ts';

const NAME = 'attribute/tabular';

export const tabular = attributeAttack({
  name: NAME,
  title: 'Attribute of a table row, by queries',
  source: 'Fredrikson et al. 2014; Mehnaz et al., USENIX Security 2022',
  params: tabularOptions,
  needs: (given) => {
    const common = { access: 'black-box', record: 'rest' } as const;
    switch (given.method) {
      case 'fredrikson':
        return { ...common, auxiliary: given.auxiliary, output: 'label', inputs: 'any' };
      case 'confidence':
        return { ...common, auxiliary: 'none', output: 'posteriors', inputs: 'any' };
      case 'label-only':
        return { ...common, auxiliary: 'none', output: 'label', inputs: 'any' };
      case 'learned':
        return { ...common, auxiliary: given.auxiliary, output: 'posteriors' };
    }
  },
  answers: ({ method }) => (method === 'learned' ? 'all' : method === 'fredrikson' ? 'known' : 'none'),
  queries: (given, { attribute }) => ({
    asked: given.method === 'learned' ? 0 : (attribute.categories?.length ?? given.bins ?? BINS),
    known: 0,
  }),
  check: (given, setting) => refuseUnsuited(given, setting),
  run: async (input, given, context) => {
    const bins = given.method === 'learned' ? 0 : (given.bins ?? BINS);
    switch (given.method) {
      case 'fredrikson':
        return fredrikson(live(input), { bins }, context);
      case 'confidence':
        return confidence(live(input), { bins }, context);
      case 'label-only':
        return labelOnly(live(input), { bins }, context);
      case 'learned':
        return learned(answering(input), context);
    }
  },
});

const refuseUnsuited = (given: TabularOptions, { attribute, recordShape }: AttributeSetting): void => {
  const { method } = given;
  if (recordShape.length !== 1)
    throw new AuditError(
      'MLD_ATTACK_UNSUITED',
      `${NAME}: records of shape [${recordShape.join(', ')}] are no table rows`,
      'Choose attribute/embedding, which works on pictures too.',
    );
  if (method !== 'learned' && !attribute.inRecord)
    throw new AuditError(
      'MLD_ATTACK_UNSUITED',
      `${NAME}: method ${method} tries values of '${attribute.name}', but the model is not given '${attribute.name}'`,
      'Set method: learned, or choose attribute/embedding.',
    );
  if ('bins' in given && given.bins !== undefined && attribute.categories)
    throw new AuditError(
      'MLD_ATTACK_UNSUITED',
      `${NAME}: bins: ${given.bins} is for continuous attributes, and all ${attribute.categories.length} values of '${attribute.name}' are tried`,
      'Leave bins out.',
    );
};

/** Who tells posteriors. */
const answering = ({ target, ...input }: AttributeInput<LabelAccess>): AttributeInput<PosteriorAccess> => {
  if (!('query' in target)) throw new Error('internal: posteriors were asked for');
  return { ...input, target: target as PosteriorAccess & Counted };
};

/** Whom any input may be sent, about an attribute that the model is given: as `needs` and `check` see to. */
const live = <T extends LiveLabelAccess>({
  target,
  editor,
  ...input
}: AttributeInput<LabelAccess>): AttributeInput<T> & { readonly editor: AttributeEditor } => {
  if (!('labelsOf' in target) || !editor)
    throw new Error('internal: a model that takes records only, or without the attribute');
  return { ...input, target: target as unknown as T & Counted, editor };
};
