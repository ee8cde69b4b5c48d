/** What others found who did Shokri et al.'s attack again: a second measure beside the paper's own. */

import type { Published } from '../../figure.ts';
import { printed } from '../provenance.ts';

const WHERE = 'reproduced by yonsei-sslab/MIA';

interface Reproduction {
  readonly accuracy: Published;
  readonly precision: Published;
  readonly recall: Published;
}

const reproduction = (accuracy: number, precision: number, recall: number): Reproduction => ({
  accuracy: printed(accuracy, 3, WHERE),
  precision: printed(precision, 3, WHERE),
  recall: printed(recall, 3, WHERE),
});

export const REPRODUCTIONS: Readonly<Record<'cifar10' | 'cifar100', Reproduction>> = {
  cifar10: reproduction(0.776, 0.759, 0.807),
  cifar100: reproduction(0.975, 0.963, 0.988),
};
