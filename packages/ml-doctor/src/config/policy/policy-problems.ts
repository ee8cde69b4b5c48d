/** What is wrong with a policy that its structure does not show: names that there are not, rules that rule nothing. */

import { FAMILIES } from '../../report/family.ts';
import { METRIC_NAMES, worseWhen } from '../../report/gate/metric-names.ts';
import type { ConfigPath } from '../config.ts';
import type { PlacedSource, Problem } from '../config-source.ts';
import { shownPath, shownValue } from '../show.ts';
import { suggestion } from '../suggest.ts';
import { durationSeconds } from './duration.ts';
import { ATTACK_PATTERN, isVersion, type PolicyInput, RULE_KEYS } from './policy-schema.ts';

type Words = readonly [what: string, hint: string];

export function policyProblems(policy: PolicyInput, source: PlacedSource): Problem[] {
  const problems: Problem[] = [];
  const add = (path: ConfigPath, words: Words | undefined): void => {
    if (words !== undefined) problems.push({ path, words: () => words });
  };
  const shown = (path: ConfigPath, value: unknown) => shownValue(value, source.written(path));

  if (RULE_KEYS.every((key) => policy[key] === undefined))
    add(
      [],
      [
        'the policy has no rule, so that everything would pass',
        `Add one of ${RULE_KEYS.join(', ')}; \`ml-doctor init --policy\` writes a policy to start from.`,
      ],
    );
  policy.limits?.forEach((limit, i) => {
    add(['limits', i, 'attack'], attackFault(['limits', i, 'attack'], limit.attack));
    add(['limits', i, 'metric'], metricFault(['limits', i, 'metric'], limit.metric));
    const { max, min } = limit;
    if (max === undefined && min === undefined)
      add(
        ['limits', i],
        [`limits[${i}] has neither max nor min`, 'Add the most or the least that is allowed, as max: 0.02.'],
      );
    else if (max !== undefined && min !== undefined && min > max)
      add(
        ['limits', i, 'min'],
        [
          `limits[${i}].min is ${shown(['limits', i, 'min'], min)}, above its max ${shown(['limits', i, 'max'], max)}`,
          'Exchange the two, or leave one out: nothing lies between them.',
        ],
      );
  });
  policy.required?.forEach((item, i) => {
    if (typeof item === 'string') add(['required', i], attackFault(['required', i], item));
    else add(['required', i, 'attack'], attackFault(['required', i, 'attack'], item.attack));
  });
  policy.baseline?.metrics?.forEach((name, i) => {
    const path = ['baseline', 'metrics', i];
    add(path, metricFault(path, name) ?? directionFault(path, name));
  });
  for (const key of ['verdicts', 'target'] as const)
    if (policy[key] !== undefined && Object.keys(policy[key]).length === 0)
      add([key], [`${key} says nothing`, `Write what it asks for below it, or remove ${key}.`]);
  const { maximumAge, tool, target } = policy;
  if (maximumAge !== undefined && durationSeconds(maximumAge) === undefined)
    add(
      ['maximumAge'],
      [
        `maximumAge is ${shown(['maximumAge'], maximumAge)}, which is no duration`,
        'Write days, hours or weeks, as 30d, 12h or 2w, or ISO 8601 without years and months, as P30D.',
      ],
    );
  if (tool !== undefined && !isVersion(tool.min))
    add(
      ['tool', 'min'],
      [
        `tool.min is ${shown(['tool', 'min'], tool.min)}, which is no version`,
        'Write all three numbers of it, as 0.1.0; `ml-doctor --version` prints yours.',
      ],
    );
  for (const [key, from] of [
    ['data', 'data.contentHash'],
    ['sha256', 'target.sha256'],
  ] as const) {
    const pin = target?.[key];
    if (pin !== undefined && !/^[0-9a-f]{64}$/.test(pin))
      add(
        ['target', key],
        [
          `target.${key} is ${shown(['target', key], pin)}, which is no SHA-256`,
          `Copy the 64 digits of ${from} from report.json.`,
        ],
      );
  }
  return problems;
}

function attackFault(path: ConfigPath, attack: string): Words | undefined {
  const family = attack.split('/')[0]!;
  if (attack === '*' || (ATTACK_PATTERN.test(attack) && FAMILIES.some((one) => one === family)))
    return undefined;
  const patterns = FAMILIES.map((one) => `${one}/*`);
  return ATTACK_PATTERN.test(attack)
    ? [
        `${shownPath(path)} is ${shownValue(attack)}: there is no such family of attacks`,
        suggestion(family, FAMILIES, 'families'),
      ]
    : [
        `${shownPath(path)} is ${shownValue(attack)}, which names no attacks`,
        `Write an attack as membership/lira (\`ml-doctor list attacks\`), a family as ${patterns[0]}, or "*".`,
      ];
}

function metricFault(path: ConfigPath, name: string): Words | undefined {
  if (worseWhen(name) !== undefined) return undefined;
  return [
    `${shownPath(path)} is ${shownValue(name)}: there is no such metric`,
    suggestion(name, METRIC_NAMES, 'metrics'),
  ];
}

function directionFault(path: ConfigPath, name: string): Words | undefined {
  if (worseWhen(name) !== 'none') return undefined;
  return [
    `${shownPath(path)} is ${shownValue(name)}, of which neither more nor less is worse`,
    'Compare by a figure of the attack itself, as auc; limits can be set on any.',
  ];
}
