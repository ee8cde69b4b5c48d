/** The members that an attack is surest of, as the report names them: where their owner finds them and, if asked for, as pictures. */

import { boundsOf } from '../../data/bounds.ts';
import { batch, type Dataset, elements } from '../../data/dataset.ts';
import type { Exposed } from '../../report/schema.ts';
import type { EvaluateResult } from '../../study/kinds/evaluate.ts';
import { shown } from '../../study/kinds/inversion/pictures.ts';

/** What a report shows of single records. */
export interface ShownRecords {
  /** `members.csv, row 17`; undefined where a record has no place in a file of the owner. */
  readonly rowOf?: (record: number) => string | undefined;
  /** Whether the records themselves are shown: reports then hold training data. */
  readonly pictures?: boolean;
}

/** Characters of pictures in one report, so that its page stays below 10 MB; records beyond go without. */
const MOST_PICTURES = 6e6;

/** For all attacks of one report: they share the room for pictures. */
export const exposedRecords = (
  data: Dataset,
  { rowOf, pictures = false }: ShownRecords = {},
): ((found: Pick<EvaluateResult, 'exposed'>) => readonly Exposed[]) => {
  const shows = pictures && elements(data.recordShape) > 0;
  const bounds = shows ? boundsOf(data) : undefined;
  let room = MOST_PICTURES;
  const pictureOf = (record: number): Exposed['picture'] => {
    if (bounds === undefined || room <= 0) return undefined;
    const picture = shown(data, batch(data, [record]).x, bounds);
    room -= JSON.stringify(picture).length;
    return room < 0 ? undefined : picture;
  };
  return ({ exposed }) =>
    exposed.map((entry) => {
      const row = rowOf?.(entry.record);
      const picture = pictureOf(entry.record);
      return { ...entry, ...(row !== undefined && { row }), ...(picture !== undefined && { picture }) };
    });
};
