/** Texts as numbers: how often each term of a vocabulary occurs, weighed by how rare it is. */

export interface TfIdfOptions {
  /** Terms that are in more than this part of the texts are no features. */
  readonly maxDocumentShare: number;
  /** The vocabulary is of so many terms: the most frequent ones, by all their occurrences. */
  readonly terms: number;
}

export interface TfIdf {
  /** In the order of their characters' numbers. */
  readonly vocabulary: readonly string[];
  /** `texts × vocabulary`, row-major; every row of length 1, or all 0 where a text has none of the terms. */
  readonly values: Float32Array;
}

/** Runs of two or more letters, digits and underscores, in small letters. */
const TERM = /[\p{L}\p{N}_]{2,}/gu;

/**
 * Weight = occurrences in the text × (ln((1 + texts) / (1 + texts with the term)) + 1), and every row then divided by its
 * Euclidean length: the default of scikit-learn's TfidfVectorizer. Of terms that are equally frequent the one that comes first
 * in the vocabulary's order is taken.
 */
export const tfIdf = (texts: readonly string[], { maxDocumentShare, terms }: TfIdfOptions): TfIdf => {
  const known = new Map<string, { occurrences: number; texts: number }>();
  const counted = texts.map((text) => {
    const counts = countTerms(text);
    for (const [term, count] of counts) {
      const facts = known.get(term);
      if (facts) {
        facts.occurrences += count;
        facts.texts++;
      } else known.set(term, { occurrences: count, texts: 1 });
    }
    return counts;
  });
  const vocabulary = [...known]
    .filter(([, facts]) => facts.texts <= maxDocumentShare * texts.length)
    .sort(([a, one], [b, other]) => other.occurrences - one.occurrences || compare(a, b))
    .slice(0, terms)
    .map(([term]) => term)
    .sort(compare);
  const places = new Map(
    vocabulary.map((term, place) => {
      const rarity = Math.log((1 + texts.length) / (1 + known.get(term)!.texts)) + 1;
      return [term, { place, rarity }] as const;
    }),
  );
  const width = vocabulary.length;
  const values = new Float32Array(texts.length * width);
  counted.forEach((counts, text) => {
    const weights: [place: number, weight: number][] = [];
    for (const [term, count] of counts) {
      const found = places.get(term);
      if (found) weights.push([found.place, count * found.rarity]);
    }
    const length = Math.sqrt(weights.reduce((sum, [, weight]) => sum + weight * weight, 0));
    for (const [place, weight] of weights) values[text * width + place] = weight / length;
  });
  return { vocabulary, values };
};

const countTerms = (text: string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const [term] of text.toLowerCase().matchAll(TERM)) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
