/** The scores of every reconstruction as a Parquet file: one row each, for whoever wants to look at single ones. */
import { type BasicType, parquetWriteBuffer } from 'hyparquet-writer';
import type { InversionEvidence } from './evidence.ts';
import type { Judgement } from './judge-scores.ts';
import { type PictureScore, RECORD_FIGURES, type RecordFigure } from './picture-scores.ts';

export interface ReconstructionRow {
  /** The class that it was made for. */
  readonly class: number;
  /** Its place among the reconstructions of that class. */
  readonly index: number;
  readonly confidence: number;
  /** The class that the judge sees. */
  readonly judged: number;
  readonly figures: PictureScore['figures'];
  /** Ids of the nearest records by distance between values; null where the class lacks either kind. */
  readonly nearestMember: number | null;
  readonly nearestNonMember: number | null;
}

/** Parallel to the reconstructions. */
export function reconstructionRows(
  { reconstructions: { wanted, confidence }, members, nonMembers }: InversionEvidence,
  scores: readonly PictureScore[],
  judgements: readonly Judgement[],
): readonly ReconstructionRow[] {
  const made = new Map<number, number>();
  return Array.from(wanted, (label, place) => {
    const index = made.get(label) ?? 0;
    made.set(label, index + 1);
    const { figures, nearest } = scores[place]!;
    return {
      class: label,
      index,
      confidence: confidence[place]!,
      judged: judgements[place]!.judged,
      figures,
      nearestMember: nearest ? members.ids[nearest.member]! : null,
      nearestNonMember: nearest ? nonMembers.ids[nearest.nonMember]! : null,
    };
  });
}

/**
 * Columns `class`, `index`, `confidence`, `judged`, then each figure that some reconstruction has under its metric's name
 * (null where a class lacks records), `nearestMember` and `nearestNonMember` (indices in the data set). Equal rows give
 * equal bytes.
 */
export function reconstructionTable(rows: readonly ReconstructionRow[]): Uint8Array {
  const column = (
    name: string,
    type: BasicType,
    of: (row: ReconstructionRow) => number | null,
    nullable = false,
  ) => ({
    name,
    type,
    nullable,
    data: rows.map(of),
  });
  const figures = (Object.keys(RECORD_FIGURES) as RecordFigure[]).filter((name) =>
    rows.some((row) => row.figures[name] !== undefined),
  );
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        column('class', 'INT32', (row) => row.class),
        column('index', 'INT32', (row) => row.index),
        column('confidence', 'DOUBLE', (row) => row.confidence),
        column('judged', 'INT32', (row) => row.judged),
        ...figures.map((name) => column(name, 'DOUBLE', (row) => row.figures[name] ?? null, true)),
        column('nearestMember', 'INT32', (row) => row.nearestMember, true),
        column('nearestNonMember', 'INT32', (row) => row.nearestNonMember, true),
      ],
    }),
  );
}
