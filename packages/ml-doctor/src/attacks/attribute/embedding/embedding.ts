/**
 * Attribute inference from embeddings (Song & Shmatikov, Overlearning, ICLR 2020; Liu et al., ML-Doctor, USENIX Security
 * 2022), <W,S> and <W,P>: a classifier learns to read the attribute from what the target's last layer receives of
 * records of which it is known, and is then shown what it receives of the others.
 */
import { trainPredictor } from '../../../models/predictor/train-predictor.ts';
import type { Embeddings } from '../../../targets/access.ts';
import { attributeAttack } from '../attribute-attack.ts';
import { embeddingOptions, HEADS } from './options.ts';

export const embedding = attributeAttack({
  name: 'attribute/embedding',
  title: 'Embedding: the attribute read from an inner layer',
  source: 'Song & Shmatikov, ICLR 2020; Liu et al., USENIX Security 2022',
  params: embeddingOptions,
  needs: ({ auxiliary }) => ({ access: 'white-box', output: 'posteriors', auxiliary, record: 'none' }),
  run: async ({ target, attribute, known, asked }, { head, epochs, layer }, context) => {
    const learnt = await target.embeddings(known.records, layer);
    const shown = await target.embeddings(asked.records, layer);
    const predictor = await trainPredictor(
      {
        rows: rowsOf(learnt),
        truth: known.truth,
        ...(attribute.categories && { categories: attribute.categories.length }),
      },
      // What numbers are judged by is the mean absolute error.
      { ...HEADS[head], epochs, error: 'absolute' },
      context,
    );
    return {
      ...(await predictor.predict(rowsOf(shown))),
      notes: [
        `The embedding is what layer ${shown.layer} gives: ${shown.width} ${shown.width === 1 ? 'number' : 'numbers'} for each record.`,
      ],
    };
  },
});

const rowsOf = ({ values, width }: Embeddings) => ({ values, width, size: values.length / width });
