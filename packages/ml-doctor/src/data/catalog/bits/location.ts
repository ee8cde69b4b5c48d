/** Location-30: where 5,010 people of Bangkok checked in, as Shokri et al. (S&P 2017) prepared it. */
import { readChecked } from '../../checked-file.ts';
import { readBitsCsv } from '../../formats/bits-csv.ts';
import { gunzipIfNeeded } from '../../formats/gunzip.ts';
import { readTarMember } from '../../formats/tar.ts';
import type { CatalogEntry } from '../entry.ts';
import { shokriSplit } from '../shokri-split.ts';
import { bitsDataset, checkSize } from './bits-dataset.ts';

const SIZE = 5010;
const WIDTH = 446;
const CLASSES = 30;

const archive = {
  name: 'location/dataset_location.tgz',
  alsoAt: ['location30/dataset_location.tgz'],
  sha256: '927203f85a868f8ee17a0ded1dc61699efe602167beabe34fbf45b4b1de94b33',
  inflatedBytes: 4_495_360,
  bytes: 287_293,
  url: 'https://github.com/privacytrustlab/datasets/raw/master/dataset_location.tgz',
};

/** The classes are the publisher's 30 clusters, 97 to 308 records each; his numbers 1 to 30 are their names. */
export const location: CatalogEntry<'location'> = {
  id: 'location',
  title: 'Location-30: check-ins in Bangkok, 446 bits in 30 clusters',
  kind: 'bits',
  label: 'cluster of people who go to similar places',
  preprocessing: 'As published: 446 bits a person, one for each venue or kind of venue visited.',
  source: 'https://github.com/privacytrustlab/datasets',
  licence: 'none stated; for research',
  citation:
    'R. Shokri, M. Stronati, C. Song, V. Shmatikov: Membership Inference Attacks Against Machine Learning Models, IEEE S&P 2017',
  size: SIZE,
  // The attacker has 2,400: his shadow models learn from as many records as the target. The last 210 are nobody’s.
  splits: { 'shokri-2017': shokriSplit(1200, SIZE) },
  bundled: false,
  forms: [
    {
      title: "the publisher's archive",
      files: [archive],
      async read([path], { name }) {
        const { labels, values } = await readChecked(path as string, archive, (bytes, file, maxBytes) =>
          readBitsCsv(
            readTarMember(gunzipIfNeeded(bytes, file, maxBytes), file, 'bangkok'),
            `${file}: bangkok`,
            WIDTH,
          ),
        );
        checkSize(path as string, labels.length, SIZE);
        const names = Array.from({ length: CLASSES }, (_, c) => String(c + 1));
        const classes = labels.map((label) => label - 1);
        return bitsDataset(name, WIDTH, values, classes, names, 'venue');
      },
    },
  ],
};
