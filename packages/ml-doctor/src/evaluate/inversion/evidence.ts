/** What an inversion attack is judged by: its reconstructions, pictures to compare them with, and real records. */
import { AuditError } from '../../errors.ts';

/** Reconstructions, or records of a baseline. All rows are parallel. */
export interface Pictures {
  /** `count × record length`; 0 is the least value of a place in the data, 1 its largest. */
  readonly values: Float32Array;
  /** `count × record length`, as the model receives them. */
  readonly normalised: Float32Array;
  /** `count × feature length`: the judge's second-to-last layer. */
  readonly features: Float32Array;
  /** `count × classes`: the judge's logits. */
  readonly judged: Float32Array;
  /** The class that each was made for. */
  readonly wanted: Int32Array;
}

export interface Reconstructed extends Pictures {
  /** The target's posterior of the wanted class. */
  readonly confidence: Float64Array;
}

/** All of the target's training records, or of its distribution's records that it has not seen. */
export interface RealRecords {
  /** All different. */
  readonly ids: Uint32Array;
  readonly labels: Int32Array;
  readonly values: Float32Array;
  readonly normalised: Float32Array;
  readonly features: Float32Array;
}

export interface Baseline {
  readonly name: string;
  readonly pictures: Pictures;
}

export interface InversionEvidence {
  readonly classes: number;
  /** What notes call the classes; their indices when left out. */
  readonly classNames?: readonly string[];
  readonly recordShape: readonly number[];
  readonly features: 'image' | 'binary' | 'numeric';
  readonly reconstructions: Reconstructed;
  readonly baselines: readonly Baseline[];
  readonly members: RealRecords;
  /** From the members' distribution, and none of them known to the attacker. */
  readonly nonMembers: RealRecords;
  /** How the judge did on records that it had not seen. */
  readonly judge: { readonly right: number; readonly records: number };
  /** How the target did on records that it had not seen, where that is known. */
  readonly target?: { readonly right: number; readonly records: number };
  readonly seed: number;
}

/**
 * @throws {AuditError} MLD_ARTIFACT when a reconstruction or a confidence is no finite number, or the confidence
 * outside [0, 1]
 * @throws {Error} `internal:` when sizes do not fit each other
 */
export function checkEvidence(evidence: InversionEvidence): void {
  const { classes, recordShape, reconstructions, baselines, members, nonMembers } = evidence;
  const length = recordShape.reduce((product, size) => product * size, 1);
  const featureLength = reconstructions.features.length / reconstructions.wanted.length;
  const fits = (rows: Omit<RealRecords, 'ids' | 'labels'>, labels: Int32Array, what: string) => {
    const count = labels.length;
    if (
      rows.values.length !== count * length ||
      rows.normalised.length !== count * length ||
      rows.features.length !== count * featureLength ||
      labels.some((label) => !(label >= 0 && label < classes))
    )
      throw new Error(
        `internal: ${what} do not fit ${count} labels of ${classes} classes, ${length} values each`,
      );
  };
  const named = [
    { name: 'reconstructions', pictures: reconstructions },
    ...baselines.map(({ name, pictures }) => ({ name: `pictures of '${name}'`, pictures })),
  ];
  for (const { name, pictures } of named) {
    fits(pictures, pictures.wanted, name);
    if (pictures.wanted.length === 0 || pictures.judged.length !== pictures.wanted.length * classes)
      throw new Error(`internal: ${pictures.judged.length} logits for ${pictures.wanted.length} ${name}`);
    for (const rows of [pictures.values, pictures.normalised, pictures.features, pictures.judged])
      checkFinite(rows, rows.length / pictures.wanted.length, name);
  }
  for (const [name, records] of Object.entries({ members, 'non-members': nonMembers })) {
    fits(records, records.labels, name);
    if (records.ids.length !== records.labels.length)
      throw new Error(`internal: ${records.ids.length} ids of ${records.labels.length} ${name}`);
  }
  checkConfidence(reconstructions);
}

function checkFinite(rows: Float32Array, length: number, name: string): void {
  const place = rows.findIndex((value) => !Number.isFinite(value));
  if (place >= 0)
    throw invalid(
      `number ${Math.floor(place / length)} of the ${name} holds ${rows[place]} or leads the judge to it`,
    );
}

function checkConfidence({ confidence, wanted }: Reconstructed): void {
  if (confidence.length !== wanted.length)
    throw invalid(`${confidence.length} confidences of ${wanted.length} reconstructions`);
  const place = confidence.findIndex((value) => !(value >= 0 && value <= 1));
  if (place >= 0) throw invalid(`the confidence in reconstruction ${place} is ${confidence[place]}`);
}

const invalid = (what: string): AuditError =>
  new AuditError(
    'MLD_ARTIFACT',
    `inversion: ${what}`,
    'Reconstructions are finite numbers, with one confidence between 0 and 1 each; smaller steps keep an optimisation from running away.',
  );
