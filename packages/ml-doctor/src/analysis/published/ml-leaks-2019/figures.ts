/** What ML-Leaks found (Salem et al., NDSS 2019): all of it second-hand, as its figures could not be read off. */

import type { Published } from '../../figure.ts';
import { printed, recalled } from '../provenance.ts';

/** Of an attack. */
export interface PrecisionRecall {
  readonly precision: Published;
  readonly recall: Published;
}

const told = (precision: number, recall: number): PrecisionRecall => ({
  precision: printed(precision, 2, 'the text, second-hand'),
  recall: printed(recall, 2, 'the text, second-hand'),
});

const fairly = (precision: number, recall: number, where: string): PrecisionRecall => ({
  precision: recalled(precision, 'fairly', where),
  recall: recalled(recall, 'fairly', where),
});

/** CIFAR-100: one shadow model and one attack model, and the ten and hundred of Shokri et al. beside them. */
export const CIFAR_100: Readonly<Record<'adversary 1' | 'Shokri et al.', PrecisionRecall>> = {
  'adversary 1': told(0.95, 0.95),
  'Shokri et al.': told(0.95, 0.94),
};

/** Adversary 2: the shadow model learns from 20 Newsgroups, the target from CIFAR-100. The summary leaves room for the other way round. */
export const NEWS_TO_CIFAR_100: PrecisionRecall = told(0.94, 0.93);

/** Purchase-100: shadow models of the target's own kind, and of three kinds at once, by the kind of the target. */
export const COMBINING: Readonly<
  Record<
    'mlp' | 'logistic-regression' | 'random-forest',
    Readonly<Record<'single' | 'combining', PrecisionRecall>>
  >
> = {
  mlp: {
    single: fairly(0.86, 0.86, 'the table of the combining attack'),
    combining: fairly(0.88, 0.85, 'the table of the combining attack'),
  },
  'logistic-regression': {
    single: fairly(0.9, 0.88, 'the table of the combining attack'),
    combining: fairly(0.89, 0.86, 'the table of the combining attack'),
  },
  'random-forest': {
    single: fairly(1, 1, 'the table of the combining attack'),
    combining: fairly(1, 1, 'the table of the combining attack'),
  },
};

/** Dropout of one half, of inputs and hidden units, as the example of the text: at about the same test accuracy. */
export const DROPOUT: Readonly<Record<'none' | 'dropout', PrecisionRecall>> = {
  none: fairly(0.97, 0.96, 'the text'),
  dropout: fairly(0.68, 0.66, 'the text'),
};

/** Model stacking on Location: the share by which it cuts adversary 1, of which the text says "more than". */
export const STACKING_CUT_ON_LOCATION: Published = {
  ...recalled(0.3, 'fairly', 'the text: more than 30 %'),
  high: 1,
};

/** Adversary 1 on CIFAR-10 as others found it with the released code (its issue 7): most, and the best of them. */
export const REPRODUCTIONS: Readonly<Record<'most' | 'best', Published>> = {
  most: recalled(0.55, 'fairly', 'reproductions of the released code, precision'),
  best: printed(0.73, 2, 'the best reproduction of the released code, precision'),
};
