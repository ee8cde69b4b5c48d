import { expect, it } from 'vitest';
import { type Attacked, isPlain } from './attacked.ts';

it('the attack is plain with real records, said or not, on a target that is not defended', () => {
  const plain = (defense: string, shadowData?: string) =>
    isPlain({
      target: { defense: { name: defense, params: {} } },
      params: shadowData === undefined ? {} : { shadowData },
    } as unknown as Attacked);
  expect([plain('none', 'real'), plain('none')]).toEqual([true, true]);
  expect([plain('none', 'synthetic'), plain('l2', 'real'), plain('l2')]).toEqual([false, false, false]);
});
