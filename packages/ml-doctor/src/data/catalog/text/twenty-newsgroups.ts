/** 20 Newsgroups, by date: 18,846 posts of 1993 in 20 groups, as the words they use. */
import { createHash } from 'node:crypto';
import { AuditError } from '../../../errors.ts';
import { type FileRecord, readChecked } from '../../checked-file.ts';
import { createDataset } from '../../dataset.ts';
import { gunzipIfNeeded } from '../../formats/gunzip.ts';
import { tarMembers } from '../../formats/tar.ts';
import { stripPost } from '../../text/strip-post.ts';
import { tfIdf } from '../../text/tf-idf.ts';
import { checkSize } from '../bits/bits-dataset.ts';
import type { CatalogEntry } from '../entry.ts';

const PARTS = ['20news-bydate-train', '20news-bydate-test'] as const;
const SIZES: readonly [train: number, test: number] = [11_314, 7532];

/** In the order of their names, which is that of the classes. */
export const NEWSGROUPS: readonly string[] = [
  'alt.atheism',
  ...['comp.graphics', 'comp.os.ms-windows.misc', 'comp.sys.ibm.pc.hardware', 'comp.sys.mac.hardware'],
  ...['comp.windows.x', 'misc.forsale'],
  ...['rec.autos', 'rec.motorcycles', 'rec.sport.baseball', 'rec.sport.hockey'],
  ...['sci.crypt', 'sci.electronics', 'sci.med', 'sci.space'],
  'soc.religion.christian',
  ...['talk.politics.guns', 'talk.politics.mideast', 'talk.politics.misc', 'talk.religion.misc'],
];

/**
 * Records are dense 32-bit numbers, 12 kB each and 226 MB together; all 130,000 terms would take fifty times as much. Terms in
 * more than a tenth of the posts are left out in place of a list of English stop words.
 */
const FEATURES = { maxDocumentShare: 0.1, terms: 3000 };

const FILE: FileRecord = {
  name: '20newsgroups/20news-bydate.tar.gz',
  alsoAt: ['20news-bydate.tar.gz'],
  sha256: '8f1b2514ca22a5ade8fbb9cfa5727df95fa587f4c87b786e15c759fa66d95610',
  inflatedBytes: 2 ** 27,
  url: 'http://qwone.com/~jason/20Newsgroups/20news-bydate.tar.gz',
};

/**
 * The training posts, then the test posts; within a part in the order of the sha256 of their names, so that every range has
 * posts of all groups. A post with none of the terms, or nothing left of it, is a row of zeros.
 *
 * Vocabulary and rarities are those of all posts. So a model's records say a little of how often the others use a
 * word, as they do in ML-Leaks.
 *
 * @param file the archive's record, and `sizes` how many posts its parts have; others are for tests
 */
export function newsgroupsEntry(
  file: FileRecord = FILE,
  sizes: readonly [train: number, test: number] = SIZES,
  features = FEATURES,
): CatalogEntry<'20newsgroups'> {
  const size = sizes[0] + sizes[1];
  return {
    id: '20newsgroups',
    title: '20 Newsgroups: 18,846 posts in 20 groups, 3,000 terms',
    kind: 'text',
    label: 'group the post is from',
    preprocessing:
      'Headers, signatures and quotations removed; TF-IDF of the 3,000 most frequent terms that are in at most a tenth of the posts, counted over all posts, each row of length 1.',
    source: 'http://qwone.com/~jason/20Newsgroups/',
    licence: 'none stated; posts are their writers’; for research',
    citation: 'K. Lang: NewsWeeder: Learning to Filter Netnews, ICML 1995',
    size,
    parts: { train: [0, sizes[0]], test: [sizes[0], size] },
    splits: { 'ml-leaks-2019': { members: 4500, nonMembers: 4500, auxiliary: 9000 } },
    bundled: false,
    forms: [
      {
        title: 'the archive sorted by date',
        files: [file],
        async read([at], { name }) {
          const path = at as string;
          const parts = await readChecked(path, file, (bytes, where, maxBytes) =>
            readPosts(gunzipIfNeeded(bytes, where, maxBytes), where),
          );
          parts.forEach((posts, part) => {
            checkSize(`${path}: ${PARTS[part]}`, posts.length, sizes[part] as number);
          });
          const posts = parts.flat();
          const { vocabulary, values } = tfIdf(
            posts.map(({ text }) => text),
            features,
          );
          return createDataset({
            id: name,
            recordShape: [vocabulary.length],
            x: values,
            y: Int32Array.from(posts, ({ group }) => group),
            classes: NEWSGROUPS,
            label: 'group',
            columns: vocabulary.map((term) => ({ name: term })),
            normalisation: {
              scale: 1,
              mean: new Array(vocabulary.length).fill(0),
              std: new Array(vocabulary.length).fill(1),
            },
          });
        },
      },
    ],
  };
}

interface Post {
  readonly digest: string;
  readonly group: number;
  readonly text: string;
}

/** The posts of the two parts. Bytes are ISO 8859-1, as no post says anything else that all of them keep to. */
function readPosts(archive: Uint8Array, file: string): readonly (readonly Post[])[] {
  const parts: Post[][] = PARTS.map(() => []);
  const seen = new Set<string>();
  for (const { name, isFile, content } of tarMembers(archive, file)) {
    if (!isFile) continue;
    const [part = '', group = '', number = '', ...more] = name.replace(/^\.\//, '').split('/');
    const [to, of] = [PARTS.indexOf(part as (typeof PARTS)[number]), NEWSGROUPS.indexOf(group)];
    if (to < 0 || of < 0 || !/^\d+$/.test(number) || more.length > 0)
      throw refuse(`${file}: '${name.slice(0, 100)}' is no post of one of the 20 groups`);
    const place = `${part}/${group}/${number}`;
    if (seen.has(place)) throw refuse(`${file}: '${place}' is there twice`);
    seen.add(place);
    parts[to]!.push({
      digest: createHash('sha256').update(place).digest('hex'),
      group: of,
      // Not TextDecoder, whose latin1 is Windows-1252.
      text: stripPost(Buffer.from(content).toString('latin1')),
    });
  }
  return parts.map((posts) => posts.sort((a, b) => (a.digest < b.digest ? -1 : 1)));
}

const refuse = (message: string): AuditError =>
  new AuditError('MLD_DATA_INVALID', message, 'Check that this is the right archive.');

export const twentyNewsgroups = newsgroupsEntry();
