/** A gate that lets pass what it should not, files that a text breaks out of, and what a report's first sentence rests on. */
import { type Edit, edits, type Mutation, OWN } from './mutation.ts';

const REPORT = `${OWN}/report`;
const POLICY = 'evaluate-policy';
const PROPERTIES = 'gate-properties';

const gateFile = (file: string, test: string, list: readonly Edit[]) =>
  edits(`${REPORT}/gate/${file}.ts`, [`${REPORT}/gate/${test}.test.ts`], list);

const format = (file: string, list: readonly Edit[]) =>
  edits(`${REPORT}/formats/${file}.ts`, [`${REPORT}/formats/formats.test.ts`], list);

export const gate: readonly Mutation[] = [
  ...gateFile('limits', POLICY, [
    ['gate: a maximum held against the value', "bound ?? 'high'", "bound ?? 'value'"],
    ['gate: a minimum held against the upper end', "bound ?? 'low'", "bound ?? 'high'"],
    ['gate: a figure at its limit is beyond it', '(figure) => figure <= max', '(figure) => figure < max'],
    ['gate: minimum and maximum exchanged', '(figure) => figure >= min', '(figure) => figure <= min'],
    [
      'gate: a limit that no attack has the metric of is kept',
      "if (limit.missing === 'allow' && measured) return [];",
      "if (limit.missing === 'allow') return [];",
    ],
    [
      'gate: an end that is not bounded keeps any limit',
      'if (figure === null)',
      "if (figure === null && bound === 'value')",
    ],
  ]),
  ...gateFile('verdicts', POLICY, [
    [
      'gate: inconclusive counts as nothing found',
      'levelRank(countedAs(result.verdict, policy)) <= levelRank(most)',
      'levelRank(result.verdict.level) <= levelRank(most)',
    ],
    [
      'gate: the level that is allowed is refused',
      'policy)) <= levelRank(most)',
      'policy)) < levelRank(most)',
    ],
    [
      'gate: a shifted split counts as what too few records do',
      'if (reason === undefined) return inconclusive;',
      'if (reason === undefined || reason) return inconclusive;',
    ],
    [
      'gate: a required attack by its name alone',
      'const found = report.results.filter((result) => selects(selector, result));',
      'const found = report.results.filter((result) => selects({ attack: selector.attack }, result));',
    ],
    [
      'gate: failed tasks pass',
      "if (holes === 'allow' || report.holes.length === 0) return [];",
      "if (holes === 'allow' || report.results.length > 0) return [];",
    ],
  ]),
  ...gateFile('select', POLICY, [
    ['gate: a family by the beginning of its name', 'attack.slice(0, -1)', 'attack.slice(0, -2)'],
  ]),
  ...gateFile('facts', POLICY, [
    [
      'gate: an age in milliseconds',
      '(now - Date.parse(run.finishedAt)) / 1000',
      'now - Date.parse(run.finishedAt)',
    ],
    ['gate: a date in the future is young', 'if (age < -CLOCK_SKEW)', 'if (age < Number.NEGATIVE_INFINITY)'],
    [
      'gate: a prerelease after its release',
      'Number(early === undefined) - Number(late === undefined)',
      'Number(late === undefined) - Number(early === undefined)',
    ],
    [
      'gate: a pin passes where the report says nothing',
      'ok: given === String(wanted)',
      'ok: given === undefined || given === String(wanted)',
    ],
  ]),
  ...gateFile('baseline', PROPERTIES, [
    [
      'gate: every figure is worse when it rises',
      'falls ? before.value - now.value : now.value - before.value',
      'now.value - before.value',
    ],
    [
      'gate: what is allowed does not count',
      'rise > rule.allowIncrease + ',
      'rise > 0 * rule.allowIncrease + ',
    ],
    [
      'gate: an interval held against the old value',
      '(now.low ?? now.value) > (before.high ?? before.value)',
      '(now.low ?? now.value) > before.value',
    ],
    [
      'gate: intervals that overlap when a figure falls',
      '(now.high ?? now.value) < (before.low ?? before.value)',
      '(now.low ?? now.value) < (before.high ?? before.value)',
    ],
    ['gate: an attack that is left out is no increase', 'if (pairs.length === 0)', 'if (pairs.length < 0)'],
    [
      'gate: a figure that is left out is no increase',
      'return [{ subject: name, ok: false,',
      'return [{ subject: name, ok: true,',
    ],
    [
      'gate: attacks paired across threat models',
      '    attack,\n    threatModel,\n    params,',
      '    attack,\n    params,',
    ],
  ]),
  ...gateFile('evaluate-policy', POLICY, [
    ['gate: one check that holds is enough', 'passes: checks.every(', 'passes: checks.some('],
  ]),
  ...gateFile('metric-names', 'metric-names', [
    ['gate: an error is worse when it rises', "meanAbsoluteError: 'down'", "meanAbsoluteError: 'up'"],
  ]),
  ...format('xml', [['formats: an ampersand as it is', '.replace(/[&<>"\']/g,', '.replace(/[<>"\']/g,']]),
  ...format('markdown-text', [
    ['formats: a bar ends a cell', '/[\\\\`*_[\\]<>|~&$@#]|', '/[\\\\`*_[\\]<>~&$@#]|'],
  ]),
  ...format('report-junit', [
    ['formats: too few records pass', "inconclusive: 'skipped'", "inconclusive: 'passed'"],
  ]),
  ...format('report-sarif', [
    ['formats: a moderate leak is a note', "moderate: 'warning'", "moderate: 'note'"],
  ]),
  ...edits(
    `${OWN}/evaluate/most-exposed.ts`,
    [`${OWN}/evaluate/most-exposed.test.ts`],
    [
      [
        'most exposed: equals accuse nobody',
        '(others[above] as number) >= scoreOf(index)',
        '(others[above] as number) > scoreOf(index)',
      ],
      ['most exposed: members among the others', 'truth[index] !== 1', 'truth[index] !== 2'],
    ],
  ),
  ...edits(
    `${REPORT}/verdict/headlines.ts`,
    [`${REPORT}/verdict/headlines.test.ts`],
    [
      [
        'headline: a fine rate from a single false alarm',
        'if (alarms >= RESOLVED_FALSE_ALARMS)',
        'if (alarms >= 1)',
      ],
      [
        'headline: non-members rounded up',
        'Math.floor(records.nonMembers * FINE_RATE + 1e-9)',
        'Math.ceil(records.nonMembers * FINE_RATE)',
      ],
    ],
  ),
  ...edits(
    `${REPORT}/verdict/carrier.ts`,
    [`${REPORT}/verdict/headlines.test.ts`],
    [
      [
        'headline: a rate that the sample does not resolve',
        'canResolve(rate, result.records) ? [{',
        'canResolve(1, result.records) ? [{',
      ],
      [
        'headline: the rate by the value, not the lower end',
        '(metric.low ?? 0) / rate',
        'metric.value / rate',
      ],
    ],
  ),
];
