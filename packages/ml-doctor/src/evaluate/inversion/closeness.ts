/** Whether reconstructions show the people in the training data or only what their class looks like. */
import type { Metric } from '../../stats/metric.ts';
import { type Stratum, shareMetric } from '../../stats/strata.ts';
import type { ClassRecords } from './class-records.ts';
import { argmin } from './distances.ts';
import { memberCloserTest, type NeighbourClass } from './label-permutation.ts';
import { type PictureScore, SPACES, type Space } from './picture-scores.ts';
import type { ClassPictures } from './repeats.ts';

/** What a verdict needs. */
export interface Closeness {
  /** Nearer to members than chance has it, at 5 % for both spaces together. */
  readonly closer: boolean;
  /** The smaller of both spaces' p-values, doubled (Bonferroni), at most 1. */
  readonly p: number;
  /** Where that was found. */
  readonly space: Space;
  /** Of the reconstructions, those with a member as nearest record in that space; .5 at chance. */
  readonly share: number;
  /** Different records that are nearest to some reconstruction there: how many coin tosses chance would have had. */
  readonly neighbours: number;
}

const LEVEL = 0.05;

/** Pictures of the classes that have members and non-members. */
export interface Neighbourhood {
  readonly classes: readonly (NeighbourClass & { readonly nearest: readonly NearestRecord[] })[];
}

interface NearestRecord {
  /** Place among the class's members, then non-members. */
  readonly record: number;
  /** 1 for a member, 0 for a non-member, ½ where both are as near. */
  readonly member: number;
  readonly share: number;
}

/** Absent where no class has both kinds of records. */
export function neighbourhood(
  byClass: readonly ClassPictures[],
  scores: readonly PictureScore[],
  records: readonly ClassRecords[],
  space: Space,
): Neighbourhood | undefined {
  const classes = byClass.flatMap(({ class: label, distinct }) => {
    const each = records[label]!.memberRows.length;
    if (each === 0) return [];
    const pictures = distinct.map(({ places, share }) => ({
      share,
      distances: scores[places[0]!]!.distances![space],
    }));
    const nearest = pictures.map(({ share, distances }) => nearestOf(distances, each, share));
    return [{ each, pictures, nearest }];
  });
  return classes.length > 0 ? { classes } : undefined;
}

function nearestOf(distances: Float64Array, each: number, share: number): NearestRecord {
  const record = argmin(distances);
  // Members come first: whether a non-member is as near, the first minimum does not tell.
  const outside = distances.subarray(each);
  const tied = record < each && outside[argmin(outside)] === distances[record];
  return { record, share, member: tied ? 0.5 : record < each ? 1 : 0 };
}

/** Share of pictures whose nearest record is a member. Pictures of one record count as one, for the interval. */
export function memberCloserMetric({ classes }: Neighbourhood): Metric {
  return shareMetric(
    classes.map(({ nearest }) => byRecord(nearest)),
    'nearest records',
  );
}

function byRecord(nearest: readonly NearestRecord[]): Stratum {
  const groups = new Map<number, { share: number; members: number }>();
  for (const { record, member, share } of nearest) {
    const group = groups.get(record) ?? { share: 0, members: 0 };
    groups.set(record, { share: group.share + share, members: group.members + share * member });
  }
  return [...groups.values()].map(({ share, members }) => ({ share, value: members / share }));
}

const differentNeighbours = ({ classes }: Neighbourhood): number =>
  classes.reduce((sum, { nearest }) => sum + new Set(nearest.map(({ record }) => record)).size, 0);

/** The tests in both spaces, and what they say together. */
export function testCloseness(
  neighbourhoods: Readonly<Record<Space, Neighbourhood>>,
  seed: number,
): { readonly p: Readonly<Record<Space, Metric>>; readonly closeness: Closeness } {
  const p = {
    values: memberCloserTest(neighbourhoods.values.classes, seed, 'values'),
    features: memberCloserTest(neighbourhoods.features.classes, seed, 'features'),
  };
  const space = p.features.value < p.values.value ? 'features' : 'values';
  const smaller = Math.min(1, SPACES.length * p[space].value);
  return {
    p,
    closeness: {
      closer: smaller <= LEVEL,
      p: smaller,
      space,
      share: memberCloserMetric(neighbourhoods[space]).value,
      neighbours: differentNeighbours(neighbourhoods[space]),
    },
  };
}
