/** Wrong tails, groups and units in what reconstructions are judged by: evaluation, baselines, judge, verdict, pictures. */
import { type Edit, edits, type Mutation, OWN } from './mutation.ts';

const watched = (file: string, test: string, list: readonly Edit[]) =>
  edits(`${OWN}/${file}.ts`, [`${OWN}/${test}.test.ts`], list);

const evaluation = (file: string, list: readonly Edit[]) =>
  watched(`evaluate/inversion/${file}`, 'evaluate/inversion/evaluate-inversion', list);

export const reconstructions: readonly Mutation[] = [
  ...evaluation('closeness', [
    [
      'reconstructions: a member nearest counts as a non-member',
      'tied ? 0.5 : record < each ? 1 : 0',
      'tied ? 0.5 : record < each ? 0 : 1',
    ],
    ['reconstructions: ties for members', 'tied ? 0.5 :', 'tied ? 1 :'],
    [
      'reconstructions: the smaller of two p-values for nothing',
      'SPACES.length * p[space].value',
      'p[space].value',
    ],
  ]),
  ...evaluation('picture-scores', [
    [
      'reconstructions: members and non-members exchanged',
      'values: joined(toMembers, toNonMembers)',
      'values: joined(toNonMembers, toMembers)',
    ],
    [
      'reconstructions: the same by features',
      'features: joined(featureMembers, featureNonMembers)',
      'features: joined(featureNonMembers, featureMembers)',
    ],
    [
      'reconstructions: MSE as papers give it in unit space',
      'meanSquaredError(row(pictures.normalised, place), mean.normalised)',
      'meanSquaredError(own, mean.values)',
    ],
    [
      'reconstructions: distance not per place',
      "space === 'values' ? [length, length]",
      "space === 'values' ? [length, 1]",
    ],
    [
      'reconstructions: SSIM to a member of the place of a non-member',
      'row(nonMembers.values, nearest.nonMember)',
      'row(members.values, nearest.nonMember)',
    ],
  ]),
  ...evaluation('class-records', [
    [
      'reconstructions: more members than non-members',
      'if (rows.length === each) return rows;',
      'if (rows.length >= each) return rows;',
    ],
    [
      'reconstructions: mean normalised member in unit space',
      'normalised: meanRow(members.normalised, members, memberRows)',
      'normalised: meanRow(members.values, members, memberRows)',
    ],
  ]),
  ...evaluation('judge-scores', [
    [
      'reconstructions: gain of the wrong sign',
      'shareDifference(within(both, judgements, 1), within(shared(baseline, own), baselineJudgements, 1))',
      'shareDifference(within(shared(baseline, own), baselineJudgements, 1), within(both, judgements, 1))',
    ],
    ['reconstructions: the sixth among the first five', 'rank < top ? 1 : 0', 'rank <= top ? 1 : 0'],
  ]),
  ...evaluation('gallery', [
    [
      'reconstructions: the one that the target is least sure of is shown',
      'confidence[place]! > confidence[best]!',
      'confidence[place]! < confidence[best]!',
    ],
  ]),
  ...evaluation('diversity', [
    ['reconstructions: diversity within classes', 'made: a === b ? 0 : squared', 'made: squared'],
  ]),
  ...watched('evaluate/inversion/label-permutation', 'evaluate/inversion/label-permutation', [
    [
      'reconstructions: p of the wrong tail',
      '>= seen - ROUNDING) reached++',
      '<= seen + ROUNDING) reached++',
    ],
    ['reconstructions: p of ties left out', '>= seen - ROUNDING) reached++', '> seen + ROUNDING) reached++'],
    ['reconstructions: p may be 0', '(reached + 1) / (DRAWS + 1)', 'reached / DRAWS'],
  ]),
  ...watched('stats/ssim', 'stats/ssim', [
    ['SSIM: constant of the contrast not squared', 'const C2 = 0.03 ** 2;', 'const C2 = 0.03;'],
    ['SSIM: constants exchanged', '(2 * both + C1) * (2 * (xy', '(2 * both + C2) * (2 * (xy'],
    ['SSIM: a smaller window', 'const WINDOW = 11;', 'const WINDOW = 7;'],
  ]),
  ...watched('stats/macro-f1', 'stats/macro-f1', [
    [
      'macro-F1: recall alone',
      '(2 * (right.get(truth) ?? 0)) / (1 + (predicted.get(truth) ?? 0))',
      'right.get(truth) ?? 0',
    ],
    [
      'macro-F1: precision alone',
      '(2 * (right.get(truth) ?? 0)) / (1 + (predicted.get(truth) ?? 0))',
      '(right.get(truth) ?? 0) / (predicted.get(truth) || 1)',
    ],
  ]),
  ...watched('report/verdict/inversion-grade', 'report/verdict/inversion', [
    ["verdict on an inversion: no step in Holm's procedure", '/ (tests.length - i)', '/ tests.length'],
    [
      'verdict on an inversion: both tests of an attack at its whole level',
      'SIGNIFICANCE / attacks / (tests.length - i)',
      'SIGNIFICANCE / attacks',
    ],
    [
      'verdict on an inversion: every attack at 5 %',
      'SIGNIFICANCE / attacks / (tests.length - i)',
      'SIGNIFICANCE / (tests.length - i)',
    ],
    [
      'verdict on an inversion: chance of all classes, not of those asked for',
      '1 / (asked > 1 ? asked : classes)',
      '1 / classes',
    ],
    [
      'verdict on an inversion: accuracy without its interval',
      'metrics.judgeAccuracy?.low ?? 0',
      'metrics.judgeAccuracy?.value ?? 0',
    ],
    [
      'verdict on an inversion: gain without its interval',
      'gainOver(baselines, START)?.low ?? 0',
      'gainOver(baselines, START)?.value ?? 0',
    ],
    [
      'verdict on an inversion: share of members without its interval',
      '(metrics[share]?.low ?? 0) >= least',
      '(metrics[share]?.value ?? 0) >= least',
    ],
    [
      'verdict on an inversion: moderate whatever the share of members',
      'shareFrom(MORE_THAN_CHANCE)',
      'closer.length > 0',
    ],
    [
      'verdict on an inversion: a guided start has to be beaten',
      'guided && asked.asked > 1 ? true : (gainOver(baselines, START)',
      '(gainOver(baselines, guided ? GUIDED_START : START)',
    ],
    ['verdict on an inversion: any start will do', '(gainOver(baselines, START)?.low ?? 0) > 0;', 'true;'],
  ]),
  ...watched('files/png', 'files/png', [
    [
      'pictures: the lowest line first',
      'pixels.subarray(row * line, (row + 1) * line)',
      'pixels.subarray((height - 1 - row) * line, (height - row) * line)',
    ],
  ]),
  ...watched('data/describe-row', 'data/describe-row', [
    ['rows in words: the least category', 'Math.max(...places)', 'Math.min(...places)'],
  ]),
  ...watched('data/dataset', 'data/describe-row', [
    ['rows in words: categories in one place', 'end += width;', 'end += 1;'],
  ]),
  ...watched('data/bounds', 'data/bounds', [
    ['bounds: of every pixel', 'const width = picture ? plane : 1;', 'const width = 1;'],
    ['bounds: before normalisation', 'return (value * scale - (mean[c] as number)) /', 'return value /'],
    ['bounds: exchanged', 'low: normal(low), high: normal(high)', 'low: normal(high), high: normal(low)'],
  ]),
  ...watched('study/kinds/inversion/pictures', 'study/kinds/inversion/pictures', [
    ['unit space: share of the largest', '/ (most - least) : 0', '/ most : 0'],
    ['unit space: every place by the first', 'const place = i % low.length;', 'const place = 0;'],
    [
      'shown rows: normalised once more',
      '(value * (std[c] as number) + (mean[c] as number)) / scale',
      '(value - (mean[c] as number)) / (std[c] as number) / scale',
    ],
    ['shown pictures: channels for pixels', 'unit[c * plane + at]', 'unit[at * kept + c]'],
  ]),
  ...watched('study/kinds/inversion/baselines', 'study/kinds/inversion/baselines', [
    ['baselines: the least sure record', 'a.loss - b.loss || a.id', 'b.loss - a.loss || a.id'],
    ['baselines: the mean of all classes', 'data.y[id] === wanted && !learnt.has(id)', '!learnt.has(id)'],
    [
      'baselines: means of what the judge has learnt, too',
      'data.y[id] === wanted && !learnt.has(id)',
      'data.y[id] === wanted',
    ],
    [
      'baselines: best of what the judge has learnt',
      '.filter(({ id }) => !learnt.has(id))',
      '.filter(({ id }) => learnt.has(id))',
    ],
    ['baselines: guided and unguided starts exchanged', 'name: source.guided ?', 'name: !source.guided ?'],
  ]),
  ...watched('study/kinds/inversion/invert', 'study/kinds/inversion/invert', [
    [
      "auxiliary data: the target's own records",
      "recordsIn('population', data.size, split)",
      "recordsIn('candidates', data.size, split)",
    ],
    [
      'auxiliary data: for those who have none',
      "needs.auxiliary === 'shadow' ?",
      "needs.auxiliary !== 'shadow' ?",
    ],
  ]),
  ...watched('study/kinds/inversion/judge', 'study/kinds/inversion/judge', [
    ['judge: tried on what it learnt from', '!learnt.has(id) && judgedAs', 'learnt.has(id) && judgedAs'],
  ]),
  ...watched('study/kinds/record-sets', 'study/kinds/inversion/judge', [
    ['judge: learns from members alone', "{ half: 0, of: 'roles' }", "{ role: 'target-train' }"],
  ]),
  ...watched('study/kinds/inversion/judge-answers', 'study/kinds/inversion/judge-answers', [
    [
      'judge: the first records again and again',
      'values.subarray(start * length, (start + count) * length)',
      'values.subarray(0, count * length)',
    ],
  ]),
  ...watched('study/kinds/inversion/evaluate-inversion', 'study/kinds/inversion/evaluate-inversion', [
    [
      'reconstructions: roles exchanged',
      "members: of(roles['target-train'].slice().sort()),\n    nonMembers: of(roles['target-test'].slice().sort()),",
      "members: of(roles['target-test'].slice().sort()),\n    nonMembers: of(roles['target-train'].slice().sort()),",
    ],
    [
      'reconstructions: counts of records that are not compared',
      'Math.min(of(members, one), of(nonMembers, one))',
      'Math.max(of(members, one), of(nonMembers, one))',
    ],
    [
      'reconstructions: as the model receives them where unit space is meant',
      'values: toUnit(set.values, bounds)',
      'values: set.values',
    ],
    [
      'baselines: of the half that the judge was tried on',
      'trainingRecords(JUDGE_TRAINING, data.size, split)',
      'trainingRecords({ ...JUDGE_TRAINING, half: 1 }, data.size, split)',
    ],
  ]),
];
