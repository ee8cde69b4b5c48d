/** How often a model is right on some of the records, looked at first: a wrong scaling fakes or hides every leak. */

import type { ConfigSource } from '../../config/config.ts';
import type { OwnAuditConfig } from '../../config/own-config.ts';
import type { Dataset } from '../../data/dataset.ts';
import { type Split, splitQuarters } from '../../data/split.ts';
import { clopperPearson } from '../../stats/binomial.ts';
import type { SplitRef } from '../../study/kinds/data-ref.ts';
import { checkScaling, type Scaling, type ScalingCheck } from '../../targets/onnx/check-scaling.ts';

/** Records of each side that are looked at. */
const LOOKED_AT = 250;

interface Right {
  readonly right: number;
  readonly records: number;
}

export interface FirstLook {
  readonly members: Right;
  readonly nonMembers: Right;
  readonly scaling?: ScalingCheck;
}

/**
 * @param answers labels of inputs as the model receives them
 * @throws {AuditError} MLD_PREPROCESSING where another common scaling is right significantly more often; MLD_ACCURACY where
 *   the accuracy that the owner knows is outside the 99.9 % interval of what is found
 */
export const firstLook = async (
  config: OwnAuditConfig,
  source: ConfigSource,
  data: Dataset,
  split: SplitRef,
  answers: (inputs: { readonly values: Float32Array; readonly rows: number }) => Promise<Int32Array>,
  inputsOf: (records: Uint32Array) => Float32Array,
): Promise<FirstLook> => {
  const roles = splitQuarters(data.size, split);
  const looked = (role: keyof Split) => roles[role].slice(0, LOOKED_AT);
  const rightOf = async (records: Uint32Array): Promise<Right> => {
    const found = await answers({ values: inputsOf(records), rows: records.length });
    return {
      right: found.filter((label, i) => label === data.y[records[i] as number]).length,
      records: records.length,
    };
  };
  const members = await rightOf(looked('target-train'));
  const nonMembers = await rightOf(looked('target-test'));
  const scaling = config.checkScaling
    ? await checkScaling({
        data,
        records: Uint32Array.from([...looked('target-train'), ...looked('target-test')]),
        answers,
      })
    : undefined;
  if (scaling && isConvincing(scaling, data)) throw wronglyScaled(source, scaling);
  refuseBelowChance(config, source, data, { members, nonMembers });
  refuseOtherAccuracy(config, source, { members, nonMembers });
  return { members, nonMembers, ...(scaling && { scaling }) };
};

/** Better than the declared one may still be no better than guessing: then something else is wrong. */
const isConvincing = ({ better, declared }: ScalingCheck, { classes }: Dataset): boolean =>
  better !== undefined && clopperPearson(better.right, declared.records, 0.999).low > 1 / classes.length;

const wronglyScaled = (source: ConfigSource, { declared, better }: ScalingCheck): Error => {
  const { scaling, right } = better as NonNullable<ScalingCheck['better']>;
  return source.fault(
    ['target'],
    `the model is right on ${right} of ${declared.records} records if they are scaled as ${scaling.name}, and on ${declared.right} as they are given: its figures would be wrong`,
    `Say how it expects its input: ${flagsOf(scaling)}. If you are sure as it is: --no-check-scaling (checkScaling: false).`,
    'MLD_PREPROCESSING',
  );
};

const flagsOf = ({ scale, mean, std }: Scaling): string => {
  const number = (value: number) => String(Number(value.toPrecision(6)));
  const list = (values: readonly number[]) =>
    [...new Set(values)].length === 1 ? number(values[0] as number) : values.map(number).join(',');
  const scaled =
    Math.abs(1 / scale - Math.round(1 / scale)) < 1e-9 && scale !== 1
      ? `1/${Math.round(1 / scale)}`
      : number(scale);
  return [
    `--scale ${scaled}`,
    ...(mean.some((value) => value !== 0) ? [`--mean ${list(mean)}`] : []),
    ...(std.some((value) => value !== 1) ? [`--std ${list(std)}`] : []),
  ].join(' ');
};

/** A model that learnt something is not worse than guessing: its classes are in another order, or the labels of another file. */
const refuseBelowChance = (
  { expectAccuracy }: OwnAuditConfig,
  source: ConfigSource,
  { classes }: Dataset,
  found: { readonly members: Right; readonly nonMembers: Right },
): void => {
  // An owner who knows how often it is right has looked.
  if (expectAccuracy) return;
  const { right, records } = found.members;
  if (clopperPearson(right, records, 0.999).high >= 1 / classes.length) return;
  const listed = `${classes.slice(0, 6).join(', ')}${classes.length > 6 ? ', …' : ''}`;
  throw source.fault(
    ['data'],
    `the model is right on ${right} of ${records} members, which is less than guessing among ${classes.length} classes would be`,
    `Check the labels, and the order of the classes (${listed}): classes (--classes) gives them in the order of the model's outputs. If it is so bad, say so: expectAccuracy (--expect-accuracy).`,
    'MLD_ACCURACY',
  );
};

const refuseOtherAccuracy = (
  { expectAccuracy = {} }: OwnAuditConfig,
  source: ConfigSource,
  found: { readonly members: Right; readonly nonMembers: Right },
): void => {
  for (const side of ['members', 'nonMembers'] as const) {
    const wanted = expectAccuracy[side];
    if (wanted === undefined) continue;
    const { right, records } = found[side];
    const { low, high } = clopperPearson(right, records, 0.999);
    if (wanted >= low && wanted <= high) continue;
    throw source.fault(
      ['target', 'expectAccuracy'],
      `the model is right on ${right} of ${records} ${side === 'members' ? 'members' : 'non-members'} (${(right / records).toFixed(3)}), where ${wanted} is expected`,
      'Check scaling, layout and the order of the classes, or correct expectAccuracy.',
      'MLD_ACCURACY',
    );
  }
};
