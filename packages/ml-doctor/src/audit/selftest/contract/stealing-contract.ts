/** What every stealing attack keeps to: its definition is all there is of it, the stealing itself is the program's. */

import type { StealingAttack } from '../../../attacks/stealing/stealing-attack.ts';
import { shortfall } from '../../../targets/threat-model.ts';
import { type Check, check, codeOf } from '../check.ts';

export interface StealingCase {
  readonly attack: StealingAttack;
  readonly params?: Readonly<Record<string, unknown>>;
}

export const stealingContract = ({ attack, params = {} }: StealingCase): readonly Check[] => {
  const configure = (more: Readonly<Record<string, unknown>> = {}) =>
    attack.configure({ ...params, ...more });
  return [
    check('needs answers and nothing else, and reads no more of them than it needs', (findings) => {
      const { needs, reply } = configure();
      findings.must(needs.access === 'black-box', 'black-box', needs.access);
      findings.must(needs.record === 'none', 'knowledge of no record', needs.record);
      findings.must(reply.output === needs.output, needs.output, reply.output);
      const lack = shortfall(needs, { access: 'black-box', output: 'posteriors' });
      findings.must(lack === undefined, 'a target with posteriors to be enough', lack?.part);
    }),
    check('takes ascending budgets from 1, and no others', async (findings) => {
      const { budgets } = configure({ budgets: [1, 5, 6] });
      findings.must(budgets?.join() === '1,5,6', 'budgets 1,5,6', budgets?.join());
      for (const wrong of [[], [0], [2, 2], [3, 1], [1.5], [1e12]])
        await findings.mustThrow(
          () => configure({ budgets: wrong }),
          `MLD_USAGE for budgets ${JSON.stringify(wrong)}`,
          (error) => codeOf(error) === 'MLD_USAGE',
        );
    }),
    check('takes the price of a query into no answer and no training', (findings) => {
      const [plain, priced] = [configure(), configure({ pricePerQuery: 0, queriesPerSecond: 2.5 })];
      const price = JSON.stringify(priced.price);
      findings.must(price === '{"perQuery":0,"queriesPerSecond":2.5}', 'the price that was given', price);
      for (const part of ['method', 'reply'] as const) {
        const [a, b] = [JSON.stringify(plain[part]), JSON.stringify(priced[part])];
        findings.must(a === b, a, b);
      }
    }),
  ];
};
