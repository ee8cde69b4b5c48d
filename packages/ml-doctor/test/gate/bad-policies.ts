/** Policies that must be refused, each with the place, the message and the remedy that a user needs. */

export interface BadPolicy {
  readonly title: string;
  /** A mark ▸ shows the place that must be named. */
  readonly text: string;
  readonly says: string;
  readonly hints: string;
}

const row = (title: string, text: string, says: string, hints: string): BadPolicy => ({
  title,
  text,
  says,
  hints,
});

const limit = (fields: string) => `limits: [{ attack: membership/*, metric: auc, ${fields} }]`;

export const BAD_POLICIES: readonly BadPolicy[] = [
  row('nothing', '▸', 'the file is empty', 'init --policy'),
  row('comments only', '▸# nothing\n', 'the file says nothing', 'init --policy'),
  row('an empty mapping', '▸{}', 'no rule', 'Add one of limits'),
  row('settings only', '▸holes: allow\ninconclusive: low', 'no rule', 'Add one of limits'),
  row('a list', '▸[a]', 'a policy must be a mapping', 'Begin with a key'),
  row('a text', '▸low', 'a policy must be a mapping', 'Begin with a key'),
  row('a number', '▸1', 'a policy must be a mapping', 'Begin with a key'),
  row('a configuration', 'holes: allow\n▸attacks: [x]', 'unknown key "attacks"', 'keys'),
  row('an unknown key', '▸limit: []', 'unknown key "limit" at the top', 'Did you mean "limits"?'),
  row('an unknown key of a limit', limit('▸maximum: 1'), 'unknown key "maximum" in limits[0]', 'keys'),
  row(
    'an unknown family',
    'verdicts: { ▸member: low }',
    'unknown key "member" in verdicts',
    'Did you mean "membership"?',
  ),
  row(
    'an unknown level',
    'verdicts: { membership: ▸medium }',
    'verdicts.membership must be one of',
    'none-found, low, moderate',
  ),
  row(
    'a level that allows all',
    'verdicts: { membership: ▸high }',
    'verdicts.membership must be one of',
    'moderate',
  ),
  row('no verdicts', 'verdicts: ▸{}', 'verdicts says nothing', 'remove verdicts'),
  row('no limits', 'limits: ▸[]', 'limits must be a list of at least 1', 'Write'),
  row('a limit without its metric', 'limits: [▸{ attack: "*", max: 1 }]', 'lacks the key "metric"', 'metric'),
  row(
    'a limit that limits nothing',
    'limits: [▸{ attack: "*", metric: auc }]',
    'neither max nor min',
    'max: 0.02',
  ),
  row(
    'a misspelt metric',
    'limits: [{ attack: "*", metric: ▸acu, max: 1 }]',
    'there is no such metric',
    'Did you mean "auc"?',
  ),
  row(
    'a metric in capitals',
    'limits: [{ attack: "*", metric: ▸AUC, max: 1 }]',
    'no such metric',
    'Did you mean "auc"?',
  ),
  row(
    'a metric at no rate',
    'limits: [{ attack: "*", metric: ▸tprAtFpr0.001%, max: 1 }]',
    'no such metric',
    '"tprAtFpr0.001"',
  ),
  row(
    'a metric of prototypes',
    'limits: [{ attack: "*", metric: ▸constructor, max: 1 }]',
    'no such metric',
    'metrics',
  ),
  row(
    'an unknown attack family',
    'limits: [{ attack: ▸membrship/*, metric: auc, max: 1 }]',
    'no such family',
    'Did you mean "membership"?',
  ),
  row('an attack without family', 'required: [▸lira]', 'names no attacks', 'membership/lira'),
  row('a pattern inside a name', 'required: [▸membership/l*]', 'names no attacks', 'membership/*'),
  row(
    'an unknown access',
    'required: [{ attack: "*", access: ▸grey-box }]',
    'must be one of black-box, white-box',
    '',
  ),
  row('NaN', limit('max: ▸.nan'), 'limits[0].max must be a number, not .nan', ''),
  row('infinity', limit('max: ▸.inf'), 'limits[0].max must be a number, not .inf', ''),
  row('a limit in words', limit('max: ▸two'), 'must be a number', ''),
  row('a limit in quotes', limit('max: ▸"0.5"'), 'must be a number', 'Write 0.5 without quotes'),
  row('a limit that is empty', 'limits: [{ attack: membership/*, metric: auc, max: ▸}]', 'max is empty', ''),
  row('crossed limits', limit('max: 0.1, min: ▸0.2'), 'limits[0].min is 0.2, above its max 0.1', 'Exchange'),
  row('an unknown bound', limit('max: 1, bound: ▸upper'), 'must be one of value, low, high', ''),
  row('an age without unit', 'maximumAge: ▸30', 'must be a text', ''),
  row('an age in months', 'maximumAge: ▸P1M', 'no duration', '30d'),
  row('an age of nothing', 'maximumAge: ▸0d', 'no duration', '30d'),
  row('an age before', 'maximumAge: ▸-3d', 'no duration', '30d'),
  row('a version of two numbers', 'tool: { min: ▸"0.1" }', 'no version', '0.1.0'),
  row('a version as a number', 'tool: { min: ▸0.1 }', 'must be a text', ''),
  row('no version', 'tool: ▸{}', 'lacks the key "min"', 'min'),
  row('a target without pins', 'target: ▸{}', 'target says nothing', 'remove target'),
  row('half a hash', 'target: { data: ▸abc123 }', 'no SHA-256', '64 digits'),
  row('one class', 'target: { classes: ▸1 }', 'a whole number, 2 or more', 'nearest valid value is 2'),
  row(
    'an allowance below nothing',
    'baseline: { allowIncrease: ▸-0.1 }',
    '0 or more',
    'nearest valid value is 0',
  ),
  row('yes for true', 'baseline: { significant: ▸yes }', 'true or false', 'true'),
  row('a baseline of no metrics', 'baseline: { metrics: ▸[] }', 'a list of at least 1', ''),
  row(
    'a baseline by a neutral metric',
    'baseline: { metrics: [▸targetAccuracy] }',
    'neither more nor less is worse',
    'auc',
  ),
  row('a baseline by no metric', 'baseline: { metrics: [auc, ▸aux] }', 'no such metric', '"auc"'),
  row('a key twice', 'maximumAge: 3d\n▸maximumAge: 4d', 'stands here again', 'Remove one'),
  row('a tag', 'maximumAge: !!str ▸3d', 'carries the tag', 'Remove the tag: a policy holds'),
  row('a merge key', 'a: &a { x: 1 }\nverdicts: { ▸<<: *a }', 'merge keys', 'alias'),
  row('an alias of nothing', 'required: [▸*x]', 'carries its anchor', '&x'),
  row('two documents', 'maximumAge: 3d\n▸---\nmaximumAge: 4d', 'second document', 'Keep one policy'),
  row('a tab', 'tool:\n▸\tmin: 0.1.0', '', ''),
  row('an unclosed list', 'required: [a▸', '', ''),
  row('a control character', 'name: a▸\u0000b', 'control character', 'UTF-8'),
  row(
    'deep nesting',
    `required: ${'['.repeat(63)}▸${'['.repeat(2000)}`,
    'nested too deeply',
    'a policy needs',
  ),
  row(
    'a bomb of aliases',
    `a: &a [${'x,'.repeat(99)}x]\nb: &b [${'*a,'.repeat(99)}▸*a]\nc: [*b, *b]`,
    'stands for too much',
    'Write the values out',
  ),
  row('too much text', `▸${'# long\n'.repeat(80_000)}`, 'at most', 'policy'),
];
