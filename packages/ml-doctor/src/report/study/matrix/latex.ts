/** LaTeX that cannot be broken out of: every text that is put into it is escaped. */

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  _: '\\_',
  '%': '\\%',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': "''",
  '`': '\\textquoteleft{}',
  '−': '$-$',
  '±': '$\\pm$',
  '×': '$\\times$',
  '≈': '$\\approx$',
  '▲': '$\\uparrow$',
  '▼': '$\\downarrow$',
  '…': '\\ldots{}',
  '=': '$=$',
  ε: '$\\varepsilon$',
  '–': '--',
  '’': "'",
  '\u00a0': '~',
};

/**
 * Plain text as LaTeX of one paragraph, for any engine and without packages. Control characters go, and whatever stands
 * for space becomes one; characters beyond Latin-1 that need packages become question marks.
 */
export function latexText(text: string): string {
  return [...text.replace(/[\t\n\r\u0085\u2028\u2029]+/g, ' ').replace(/[\p{Cc}\u00ad]/gu, '')]
    .map((char) => (Object.hasOwn(ESCAPES, char) ? ESCAPES[char]! : plain(char)))
    .join('');
}

function plain(char: string): string {
  return /^[\x20-\x7e\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]$/.test(char) ? char : '?';
}
