/** Text for terminals and logs: broken into lines, and free of what would steer a terminal. */

/** Columns of every text for a terminal. */
export const WIDTH = 80;

/** Breaks at spaces; a number stays with its percent sign. */
export function wrap(text: string, width = WIDTH): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.replaceAll(' %', '\u00a0%').split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => each.replaceAll('\u00a0', ' '));
}

/** The text without control characters, line breaks as spaces. */
export function printable(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\p{C}/gu, '');
}
