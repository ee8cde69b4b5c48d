/** Location-30: where 5,010 people of Bangkok checked in, as Shokri et al. (S&P 2017) prepared it. */
import { readChecked } from '../checked-file.ts';
import { readBitsCsv } from '../formats/bits-csv.ts';
import { gunzipIfNeeded } from '../formats/gunzip.ts';
import { readTarMember } from '../formats/tar.ts';
import { bitsDataset, checkSize } from './bits.ts';
import type { CatalogEntry } from './entry.ts';

const SIZE = 5010;
const WIDTH = 446;
const CLASSES = 30;

/** The classes are the publisher's 30 clusters, 97 to 308 records each; his numbers 1 to 30 are their names. */
export const location30: CatalogEntry<'location30', 'archive'> = {
  id: 'location30',
  title: 'Location-30: check-ins in Bangkok, 446 bits in 30 clusters',
  source: 'https://github.com/privacytrustlab/datasets',
  licence: 'none stated; for research',
  citation:
    'R. Shokri, M. Stronati, C. Song, V. Shmatikov: Membership Inference Attacks Against Machine Learning Models, IEEE S&P 2017',
  size: SIZE,
  bundled: false,
  files: {
    archive: {
      name: 'location30/dataset_location.tgz',
      sha256: '927203f85a868f8ee17a0ded1dc61699efe602167beabe34fbf45b4b1de94b33',
      inflatedBytes: 4_495_360,
    },
  },
  async load(locate) {
    const path = await locate(this.files.archive);
    const { labels, values } = await readChecked(path, this.files.archive, (bytes, file, maxBytes) =>
      readBitsCsv(
        readTarMember(gunzipIfNeeded(bytes, file, maxBytes), file, 'bangkok'),
        `${file}: bangkok`,
        WIDTH,
      ),
    );
    checkSize(path, labels.length, SIZE);
    const names = Array.from({ length: CLASSES }, (_, c) => String(c + 1));
    return bitsDataset(
      this.id,
      WIDTH,
      values,
      labels.map((label) => label - 1),
      names,
      'venue',
    );
  },
};
