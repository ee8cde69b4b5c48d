/** Wrong signs, targets and verdicts in what is told of many models: correlations, figures, comparisons with papers. */
import { type Edit, edits, type Mutation, OWN } from './mutation.ts';

const watched = (file: string, test: string, list: readonly Edit[]) =>
  edits(`${OWN}/${file}.ts`, [`${OWN}/${test}.test.ts`], list);

const CORRELATION = 'stats/correlation';
const EVIDENCE = 'analysis/evidence';
const PUBLISHED = 'analysis/published';
const FIGURES = 'analysis/figures';
const FACTORS = 'evaluate/factors';

const correlation: readonly Mutation[] = [
  ...watched(`${CORRELATION}/correlation`, `${CORRELATION}/correlation`, [
    ['correlation: no root', 'xy / Math.sqrt(xx * yy)', 'xy / (xx * yy)'],
    ['correlation: ranks are the values', 'pearson(midRanks(x), midRanks(y))', 'pearson(x, y)'],
    ['correlation: the third is added', '(xy - xz * yz)', '(xy + xz * yz)'],
  ]),
  ...watched(`${CORRELATION}/correlation-interval`, `${CORRELATION}/correlation`, [
    [
      'correlation: the narrower of two widths',
      'Math.max(studentTQuantile(tail, n - 2) * deviation',
      'Math.min(studentTQuantile(tail, n - 2) * deviation',
    ],
    [
      'correlation: ranks by percentiles alone',
      'Math.min(sorted[cut] as number, normal.low)',
      'sorted[cut] as number',
    ],
    [
      'correlation: the third costs no point',
      'onFishersScale(value, resampled, n - 1)',
      'onFishersScale(value, resampled, n)',
    ],
  ]),
  ...watched(`${CORRELATION}/targets-for`, `${CORRELATION}/correlation`, [
    ['targets: the narrower side', 'Math.abs(r) - reach;', 'Math.abs(r) + reach;'],
    ['targets: three fewer', '** 2 + 3)', '** 2)'],
  ]),
];

const evidence: readonly Mutation[] = [
  ...watched(`${EVIDENCE}/evidence`, `${EVIDENCE}/evidence`, [
    [
      'evidence: defended and undefended in one',
      'canonicalText({ data, model, defense })',
      'canonicalText({ data, model })',
    ],
  ]),
  ...watched(`${EVIDENCE}/merge-runs`, `${EVIDENCE}/evidence`, [
    ['evidence: two versions of one audit', 'if (first.version !== second.version ||', 'if ('],
    [
      'evidence: one of two answers',
      'same !== undefined && canonicalText',
      'same === undefined && canonicalText',
    ],
  ]),
  ...watched(`${EVIDENCE}/facts`, `${EVIDENCE}/evidence`, [
    [
      'evidence: overfitting turned about',
      'moverDifference(limited(train), limited(test)',
      'moverDifference(limited(test), limited(train)',
    ],
    ['evidence: a mean of the seeds that have it', ' || known.length < metrics.length', ''],
  ]),
  ...watched(`${EVIDENCE}/modes`, `${EVIDENCE}/evidence`, [
    ['evidence: a figure of some seeds', 'results.length < target.runs.length', 'results.length < 1'],
    ['evidence: shadow and partial are one', '      threatModel.auxiliary === mode.auxiliary &&\n', ''],
    ['evidence: other options under another seed', ').size > 1)', ').size > 2)'],
  ]),
  ...watched(`${EVIDENCE}/mixed`, `${EVIDENCE}/evidence`, [
    ['evidence: the rarest is usual', '([, a], [, b]) => b - a', '([, a], [, b]) => a - b'],
    [
      'evidence: any onnxruntime',
      "refuse(runs, 'made with onnxruntime', ({ onnxruntime }) => onnxruntime, VERSIONS);",
      '',
    ],
  ]),
];

const related: readonly Mutation[] = [
  ...watched('analysis/relations/relate', `${FIGURES}/general/relations`, [
    ['relations: the line elsewhere', 'at: my - slope * mx', 'at: my + slope * mx'],
    ['relations: the data set alone', 'target.data.name !== name', 'target.data.name === name'],
    [
      'relations: targets without the figure',
      'point.x !== undefined && point.y',
      'point.x !== undefined || point.y',
    ],
  ]),
  ...watched('analysis/relations/beyond', `${FIGURES}/general/relations`, [
    ['relations: beyond itself', 'known.map(({ z }) => z)', 'known.map(({ x }) => x)'],
  ]),
  ...watched(`${FIGURES}/general/relations`, `${FIGURES}/general/relations`, [
    ['relations: no falling one is sure', 'Math.max(low, -high)', 'Math.max(low, high)'],
    ['relations: mixed seeds', '  refuseMixed(targets);\n', ''],
  ]),
];

const published: readonly Mutation[] = [
  ...watched(`${PUBLISHED}/compare`, `${PUBLISHED}/compare`, [
    [
      'compare: published less ours',
      'moverDifference(limits, published)',
      'moverDifference(published, limits)',
    ],
    [
      'compare: one side only',
      'Math.max(-difference.low, difference.high) <= within',
      'difference.high <= within',
    ],
    ['compare: unlike things', 'if (unlike !== undefined) return', 'if (unlike === "") return'],
    [
      'compare: chance agrees',
      '  const blur = blurOf(limits, published, nothing);',
      '  const blur = undefined;',
    ],
  ]),
  ...watched(`${PUBLISHED}/compare-order`, `${PUBLISHED}/compare-order`, [
    [
      'order: second less first',
      'moverDifference(limited(first), limited(second))',
      'moverDifference(limited(second), limited(first))',
    ],
    ['order: any difference counts', 'low > 0 && value > within', 'low > 0'],
    ['order: open is equal', 'Math.max(-low, high) <= within', 'low <= within'],
  ]),
  ...watched(`${PUBLISHED}/unlike`, `${PUBLISHED}/unlike`, [
    ['unlike: fewer records do not matter', 'Math.abs(records - members)', '(records - members)'],
    ['unlike: any number of epochs', 'passes === epochs\n', 'passes !== epochs\n'],
  ]),
];

const ML_DOCTOR = `${FIGURES}/ml-doctor/ml-doctor-2022`;

const figures: readonly Mutation[] = [
  ...watched(`${FIGURES}/ml-doctor/changes`, `${FIGURES}/ml-doctor/changes`, [
    [
      'figures: changes turned about',
      'moverDifference(limited(a), limited(b)',
      'moverDifference(limited(b), limited(a)',
    ],
  ]),
  ...watched(`${FIGURES}/ml-doctor/changes`, ML_DOCTOR, [
    ['figures: not what the study found', 'averaged(paired, differenceRange(mode.metric)) ??', ''],
    ['figures: held against a defended one', 'isUndefended(other) && ', ''],
  ]),
  ...watched(`${FIGURES}/ml-doctor/figure-8`, ML_DOCTOR, [
    [
      'figures: the first epochs less the last',
      '{ first: ends.last.metric, second: ends.first.metric }',
      '{ first: ends.first.metric, second: ends.last.metric }',
    ],
  ]),
  ...watched(`${FIGURES}/owner/defences`, `${FIGURES}/owner/defences`, [
    [
      'figures: what an attack loses is gained',
      'isError ? metric : negative(metric)',
      'isError ? negative(metric) : metric',
    ],
    [
      'figures: limits stay in place',
      'low: high === null ? null : 0 - high',
      'low: low === null ? null : 0 - low',
    ],
  ]),
  ...watched(`${FIGURES}/shokri/attacked`, `${FIGURES}/shokri/attacked`, [
    ['figures: made-up records are real ones', " && shadowDataOf(one) === 'real'", ''],
  ]),
];

const factors: readonly Mutation[] = [
  ...watched(`${FACTORS}/explain`, `${FACTORS}/explain`, [
    ['factors: more is less', "best.sign > 0 ? 'more' : 'less'", "best.sign > 0 ? 'less' : 'more'"],
    [
      'factors: as many chances as factors',
      '[...holm(found.flatMap(({ tests }) => tests.map(({ p }) => p)))]',
      'found.flatMap(({ tests }) => tests.map(({ p }) => p))',
    ],
    [
      'factors: a class counts as its records',
      'records.ofClass?.names.includes(name)',
      '!records.ofClass?.names.includes(name)',
    ],
  ]),
  ...watched(`${FACTORS}/placement`, `${FACTORS}/explain`, [
    [
      'factors: held against all non-members',
      'tenths.controls[group]!.includes(tenths.of[i]!)',
      'tenths.of[i]! >= 0',
    ],
    ['factors: ties are below', '(below + upTo) / 2 / controls.length', 'upTo / controls.length'],
  ]),
  ...watched(`${FACTORS}/most-exposed-share`, `${FACTORS}/explain`, [
    ['factors: the least exposed', '\n    .sort()\n    .reverse();', '\n    .sort();'],
  ]),
];

const commands: readonly Mutation[] = [
  ...watched('cli/figure-requests', 'cli/figures', [
    ['presets: figures of the other studies', 'parts.includes(name)', '!parts.includes(name)'],
    [
      'presets: nothing of a model of the user’s',
      'preset.parts.length === 0 ? sources',
      'preset.parts.length < 0 ? sources',
    ],
  ]),
  ...watched('cli/figures', 'cli/figures', [
    [
      'presets: only what is missing is told',
      "code !== 'MLD_EVIDENCE_MISSING'",
      "code === 'MLD_EVIDENCE_MISSING'",
    ],
    ['presets: what was not run is no want', ' || notRun.length > 0 ?', ' ?'],
  ]),
  ...watched('cli/study-preset', 'cli/study-preset', [
    ['presets: failed tasks are not told', '      holes ||= done.study.holes.length > 0;\n', ''],
    [
      'presets: run before all is planned',
      '    await announce(loaded, output, flags, context, services);\n',
      '',
    ],
  ]),
];

export const analysis: readonly Mutation[] = [
  ...correlation,
  ...evidence,
  ...related,
  ...published,
  ...figures,
  ...factors,
  ...commands,
];
