/** `study.csv`: every number of a study, one a row, for spreadsheets and data frames. */

import { canonicalValue } from '../canonical.ts';
import { attackChoice, variantsFor } from '../labels.ts';
import type { Metric } from '../schema.ts';
import { csvText } from './csv-text.ts';
import { type StudyAudit, type StudyReport, type StudyResult, studySchema } from './study-schema.ts';

const HEADER = [
  ...['audit', 'data', 'data_params', 'model', 'model_params', 'defense', 'defense_params', 'seed'],
  ...['attack', 'variant', 'attribute', 'through', 'access', 'auxiliary', 'output', 'params'],
  ...['references', 'pool', 'queries'],
  ...['metric', 'value', 'low', 'high', 'method', 'spread', 'seeds'],
  ...['level', 'reason', 'finding', 'train_accuracy', 'test_accuracy'],
  ...['change', 'change_low', 'change_high', 'change_method', 'adaptive'],
];

/**
 * One row per audit, attack and metric under a row of names, as {@link csvText} writes them.
 * Parameters are JSON, rates and accuracies shares of 1, and what is unknown or not bounded is empty. `variant` tells attacks of one name apart; `attribute`
 * is what an attribute attack guesses, `through` the attack that stole the copy which another one is made on. `queries`
 * are those sent to the target: none by an attack on a copy.
 *
 * After them one row per metric that was repeated over seeds, with neither audit nor seed: the mean with its interval,
 * the standard deviation between seeds (`spread`), and how many `seeds` there are; that is 1 in the rows of audits.
 *
 * `change` is what the defence changed of the metric, defended less undefended, with its interval; `adaptive` is `false` where
 * attackers do not know of the defence, and empty otherwise.
 *
 * An attack that failed has no row: what is missing, and why, stands in `study.json` and `study.html`.
 */
export function studyToCsv(study: StudyReport): string {
  const { audits, repeats } = canonicalValue(studySchema, study, 'study');
  const variantOf = variantsFor(audits.flatMap(({ results }) => results.map(attackChoice)));
  const target = ({ data, model, defense }: Pick<StudyAudit, 'data' | 'model' | 'defense'>) =>
    [data, model, defense].flatMap(({ name, params }) => [name, JSON.stringify(params)]);
  const question = (
    asked: Pick<StudyResult, 'attack' | 'threatModel' | 'params' | 'attribute' | 'through'>,
  ) => {
    const { access, auxiliary, output } = asked.threatModel;
    const variant = variantOf(attackChoice(asked));
    const attribute = asked.attribute?.name ?? null;
    const through = asked.through?.attack ?? null;
    return [
      asked.attack,
      variant,
      attribute,
      through,
      access,
      auxiliary,
      output,
      JSON.stringify(asked.params),
    ];
  };
  const figure = (name: string, { value, low, high, method }: Metric) => [name, value, low, high, method];
  const changed = (change: Metric | undefined) =>
    change === undefined ? [null, null, null, null] : [change.value, change.low, change.high, change.method];
  const adaptive = ({ defense }: Pick<StudyAudit, 'defense'>) =>
    defense.adaptive === false ? 'false' : null;
  const rows = audits.flatMap((audit) =>
    audit.results.flatMap((result) =>
      Object.entries(result.metrics).map(([name, metric]) => [
        ...[audit.id, ...target(audit), audit.seed, ...question(result)],
        ...[result.references.count, result.references.pool, result.queries ?? null],
        ...[...figure(name, metric), null, 1],
        ...[result.level, result.reason ?? null, result.finding ?? null],
        ...[audit.trainAccuracy?.value ?? null, audit.testAccuracy?.value ?? null],
        ...changed(result.change?.metrics[name]),
        adaptive(audit),
      ]),
    ),
  );
  const overSeeds = repeats.flatMap((repeat) =>
    Object.entries(repeat.metrics).map(([name, { mean, spread, seeds }]) => [
      ...[null, ...target(repeat), null, ...question(repeat), null, null, null],
      ...[...figure(name, mean), spread, seeds, null, null, null, null, null],
      ...changed(repeat.changes?.[name]?.mean),
      adaptive(repeat),
    ]),
  );
  return csvText([HEADER, ...rows, ...overSeeds]);
}
