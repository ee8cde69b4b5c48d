/** 20 Newsgroups from an archive packed by the system's tar; stripping and counting against scikit-learn's. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stripPost } from '../../text/strip-post.ts';
import { tfIdf } from '../../text/tf-idf.ts';
import { NEWSGROUPS, newsgroupsEntry } from './twenty-newsgroups.ts';

interface Golden {
  readonly maxDocumentShare: number;
  readonly terms: number;
  readonly posts: readonly string[];
  readonly texts: readonly string[];
  readonly vocabulary: readonly string[];
  readonly rows: readonly (readonly number[])[];
}
/** Made by tools/golden/newsgroup_tfidf.py. */
const golden = JSON.parse(
  readFileSync(new URL('../../../../test/golden/newsgroup-tfidf.json', import.meta.url), 'utf8'),
) as Golden;

it('leaves of a post what scikit-learn leaves of it', () => {
  expect(golden.posts.map(stripPost)).toEqual(golden.texts);
});

describe('tfIdf', () => {
  it("equals scikit-learn's TfidfVectorizer", () => {
    const { vocabulary, values } = tfIdf(golden.texts, golden);
    expect(vocabulary).toEqual(golden.vocabulary);
    const expected = golden.rows.flat();
    expect(values).toHaveLength(expected.length);
    values.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-7);
    });
    expect(golden.rows.filter((row) => row.every((value) => value === 0))).not.toHaveLength(0);
  });

  it('takes of equally frequent terms those that come first, and only terms rare enough', () => {
    const take = (terms: number, maxDocumentShare: number) =>
      tfIdf(['bb aa zz', 'zz cc'], { terms, maxDocumentShare }).vocabulary;
    expect(take(2, 1)).toEqual(['aa', 'zz']);
    expect(take(2, 0.5)).toEqual(['aa', 'bb']);
    expect(take(9, 0.5)).toEqual(['aa', 'bb', 'cc']);
  });
});

describe('20newsgroups', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ml-doctor-news-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const post = (text: string) => Buffer.from(`From: a@b.c\nSubject: x\n\n${text}\n\nsigned\n`, 'latin1');
  const posts: Readonly<Record<string, Uint8Array>> = {
    '20news-bydate-test/sci.space/10': post('moon moon café'),
    '20news-bydate-test/alt.atheism/9': post('> only quoted'),
    '20news-bydate-train/sci.space/1': post('moon'),
    '20news-bydate-train/rec.autos/2': post('café \x93car\x94'),
    '20news-bydate-train/talk.religion.misc/3': post('car car'),
  };
  const file = { name: 'news.tar.gz', inflatedBytes: 2 ** 20 };
  const entry = newsgroupsEntry(file, [3, 2], { maxDocumentShare: 0.5, terms: 3 });
  const read = (files: Readonly<Record<string, Uint8Array>>) => {
    for (const [name, bytes] of Object.entries(files)) {
      mkdirSync(join(folder, 'in', dirname(name)), { recursive: true });
      writeFileSync(join(folder, 'in', name), bytes);
    }
    const path = join(folder, 'news.tar.gz');
    execFileSync('tar', ['-czf', path, '-C', join(folder, 'in'), '.']);
    return entry.forms[0].read([path], { name: '20newsgroups' });
  };

  it('gives posts of the training part, then of the test part, each with its group', async () => {
    const data = await read(posts);
    expect(data.columns?.map(({ name }) => name)).toEqual(['café', 'car', 'moon']);
    const rows = Array.from(data.y, (c, i) => {
      const row = Array.from(data.x.subarray(3 * i, 3 * i + 3), (value) => Number(value.toFixed(4)));
      return `${data.classes[c]} ${row}`;
    });
    // Each term is in 2 of 5 posts: all weigh the same, (1, 1) becomes (√½, √½) and (2, 1) over √5.
    expect(rows.slice(0, 3).sort()).toEqual([
      'rec.autos 0.7071,0.7071,0',
      'sci.space 0,0,1',
      'talk.religion.misc 0,1,0',
    ]);
    expect(rows.slice(3).sort()).toEqual(['alt.atheism 0,0,0', 'sci.space 0.4472,0,0.8944']);
    expect(entry.parts).toEqual({ train: [0, 3], test: [3, 5] });
  });

  it('has the groups in every range of a part, whatever their order in the archive', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [
        `20news-bydate-train/${NEWSGROUPS[Math.floor(i / 20)]}/${i}`,
        post('word'),
      ]),
    );
    const big = newsgroupsEntry(file, [40, 0], { maxDocumentShare: 1, terms: 3 });
    await read(many).catch(() => undefined);
    const { y } = await big.forms[0].read([join(folder, 'news.tar.gz')], { name: 'x' });
    expect(new Set(y.slice(0, 10))).toEqual(new Set([0, 1]));
  });

  it.each<readonly [string, Readonly<Record<string, Uint8Array>>, RegExp]>([
    ['too few posts', { '20news-bydate-train/sci.space/1': post('x') }, /train: 1 records, expected 3/],
    [
      'an unknown group',
      { ...posts, '20news-bydate-train/alt.cats/1': post('x') },
      /'.*alt.cats\/1' is no post/,
    ],
    ['another part', { ...posts, '20news-bydate-extra/sci.space/1': post('x') }, /is no post/],
    ['a name that is no number', { ...posts, '20news-bydate-test/sci.space/a': post('x') }, /is no post/],
    ['a file too deep', { ...posts, '20news-bydate-test/sci.space/1/2': post('x') }, /is no post/],
  ])('refuses %s', async (_, files, message) => {
    await expect(read(files)).rejects.toMatchObject({
      code: 'MLD_DATA_INVALID',
      message: expect.stringMatching(message),
    });
  });

  it('wants the published archive', async () => {
    const published = newsgroupsEntry();
    await read(posts).catch(() => undefined);
    const reading = published.forms[0].read([join(folder, 'news.tar.gz')], { name: 'x' });
    await expect(reading).rejects.toMatchObject({ code: 'MLD_DATA_CHECKSUM' });
  });
});
