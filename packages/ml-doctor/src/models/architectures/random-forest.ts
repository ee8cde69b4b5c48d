/** Breiman's random forest: many trees, each grown on a bootstrap sample; a model without gradients. */
import type { ForestArchitecture } from '../architecture.ts';

export const randomForest: ForestArchitecture<'random-forest'> = {
  name: 'random-forest',
  title: 'random forest: 100 trees grown to purity, √features tried at each split',
  source:
    'Breiman, Random Forests, Machine Learning 45, 2001; of ML-Leaks’ combining attack (Salem et al., NDSS 2019)',
  trains: 'forest',
  trees: 100,
};
