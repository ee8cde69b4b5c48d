/** What `ml-doctor list defenses` says of a defence: what of a model it changes, and its options at their defaults. */

import { z } from 'zod';
import type { Change, Defense } from '../defenses/defense.ts';
import { settings } from '../report/identity.ts';

const IN_WORDS: Readonly<Record<Change, string>> = {
  training: 'how the model is trained',
  architecture: 'its architecture',
  output: 'what its answers show',
};

export const defenseFacts = ({ name, title, changes, schema, configure, source }: Defense) => {
  const { params } = configure();
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
  const others = Object.keys(properties).filter((key) => !Object.hasOwn(params, key));
  return {
    name,
    title,
    changes: changes.length === 0 ? 'nothing' : changes.map((change) => IN_WORDS[change]).join(', '),
    ...(Object.keys(params).length > 0 && { options: settings(params) }),
    ...(others.length > 0 && { also: others.join(', ') }),
    source,
  };
};
