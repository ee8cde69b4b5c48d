import { parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { madeStealing, reorderedStealing } from '../../../test/evaluate/stealing-evidence.ts';
import { copyTable } from './copy-table.ts';
import { evaluateStealing } from './evaluate-stealing.ts';

it('has one row a record, classes by name, the same bytes in any order', async () => {
  const evidence = madeStealing({ records: 40, classes: 3, seed: 2 });
  const rows = await parquetReadObjects({
    file: copyTable(evidence).slice().buffer as ArrayBuffer,
  });
  const softmax = (logits: Float32Array, i: number) => {
    const powers = [...logits.slice(3 * i, 3 * i + 3)].map((z) => Math.exp(z));
    return powers.map((power) => power / powers.reduce((a, b) => a + b, 0));
  };
  expect(rows).toHaveLength(40);
  rows.forEach((row, i) => {
    const [asked, copied] = [softmax(evidence.target, i), softmax(evidence.copies[2]!.logits, i)];
    const answer = asked.indexOf(Math.max(...asked));
    expect(row).toEqual({
      record: evidence.ids[i],
      label: `class ${evidence.labels[i]}`,
      target: `class ${answer}`,
      copy: `class ${copied.indexOf(Math.max(...copied))}`,
      targetPosterior: expect.closeTo(asked[answer]!, 12),
      copyPosterior: expect.closeTo(copied[answer]!, 12),
      klDivergence: expect.closeTo(
        asked.reduce((sum, p, j) => sum + p * Math.log(p / copied[j]!), 0),
        12,
      ),
    });
  });
  const { agreement, klDivergence } = evaluateStealing(evidence).metrics;
  expect(rows.filter((row) => row['target'] === row['copy']).length / 40).toBe(agreement!.value);
  expect(rows.reduce((sum, row) => sum + row['klDivergence'], 0) / 40).toBeCloseTo(klDivergence!.value, 12);
  expect(agreement!.value).toBeLessThan(1);
  const backwards = reorderedStealing(evidence, [...evidence.ids.keys()].reverse());
  expect(copyTable(backwards)).toEqual(copyTable(evidence));
});
