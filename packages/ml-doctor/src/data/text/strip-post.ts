/** Takes off a newsgroup post what is not its writer's text: headers, a signature at its end, and quoted lines. */

/** Python takes separators and the next-line character for blank too. */
const isBlank = (letter: string): boolean =>
  /\s/.test(letter) || (letter >= '\u001c' && letter <= '\u001f') || letter === '\u0085';

/** A line that is quoted, or says who is. */
const QUOTED = /writes in|writes:|wrote:|says:|said:|^In article|^Quoted from|^\||^>/;

/**
 * By the rules of scikit-learn's `remove=('headers', 'footers', 'quotes')`, which ML-Leaks used: headers end at the first
 * empty line; a signature begins at the last line that is blank or made of hyphens, unless that is the first; of the
 * rest, lines that are quoted or introduce a quotation go. Can leave nothing at all.
 */
export const stripPost = (post: string): string => {
  const end = post.indexOf('\n\n');
  return withoutSignature(end < 0 ? '' : post.slice(end + 2))
    .split('\n')
    .filter((line) => !QUOTED.test(line))
    .join('\n');
};

const withoutSignature = (text: string): string => {
  const lines = trimmed(text, isBlank).split('\n');
  const rule = lines.findLastIndex(
    (line) => trimmed(trimmed(line, isBlank), (letter) => letter === '-') === '',
  );
  return rule > 0 ? lines.slice(0, rule).join('\n') : text;
};

const trimmed = (text: string, goes: (letter: string) => boolean): string => {
  let [from, to] = [0, text.length];
  while (from < to && goes(text.charAt(from))) from++;
  while (from < to && goes(text.charAt(to - 1))) to--;
  return text.slice(from, to);
};
