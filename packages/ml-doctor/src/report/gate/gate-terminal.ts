/** A gate's outcome as text of 80 columns: what is violated with figure, limit and place, then what is kept. */

import { printable, wrap } from '../plain-text.ts';
import { bullet, LEVEL_STYLE, painter } from '../terminal.ts';
import type { GateReport, PlacedCheck } from './place.ts';

const INDENT = 4;

/** Ends in a line feed. Control characters in names from outside are dropped. */
export function renderGate(gate: GateReport, options: { readonly colour: boolean }): string {
  const paint = painter(options.colour);
  const violated = gate.checks.filter(({ ok }) => !ok);
  const kept = gate.checks.filter(({ ok }) => ok);
  const lines = [
    '',
    ...wrap(printable(`Gate for ${gate.subject}`)).map((line) => paint('bold', line)),
    ...wrap(printable(`Policy: ${gate.policy}${gate.policy === gate.file ? '' : ` (${gate.file})`}`)),
    '',
  ];
  for (const check of violated) {
    const [first = '', ...rest] = wrap(printable(`NO  ${headOf(gate, check)}`));
    lines.push(`${paint(LEVEL_STYLE.high, first.slice(0, 2))}${first.slice(2)}`, ...indented(rest.join(' ')));
    lines.push(...row('-', 'wanted', check.wanted), ...row('+', 'found', check.found));
    if (check.hint !== undefined) lines.push(...row(' ', 'fix', check.hint));
    lines.push('');
  }
  for (const check of kept)
    lines.push(...hanging(printable(`ok  ${headOf(gate, check)}: ${check.found}; ${check.wanted}`)));
  if (kept.length > 0) lines.push('');
  for (const note of gate.notes) lines.push(...bullet(printable(note)));
  if (gate.notes.length > 0) lines.push('');
  const count = `${violated.length} of ${gate.checks.length} checks`;
  lines.push(
    gate.passes
      ? `${paint('bold', 'The gate lets it pass')}: all ${gate.checks.length} checks hold.`
      : `${paint(LEVEL_STYLE.high, 'The gate says NO')}: ${count} ${violated.length === 1 ? 'does' : 'do'} not hold.`,
    '',
  );
  return lines.join('\n');
}

function headOf({ file }: GateReport, { label, subject, line, column, path }: PlacedCheck): string {
  return `${path.length === 0 ? file : `${file}:${line}:${column}`} ${label}: ${subject}`;
}

/** As the two sides of a comparison: - what should be, + what is. */
function row(mark: string, name: string, text: string): string[] {
  return wrap(printable(text), 80 - INDENT - 9).map(
    (line, i) => `${' '.repeat(INDENT)}${i === 0 ? `${mark} ${name.padEnd(7)}` : ' '.repeat(9)}${line}`,
  );
}

function hanging(text: string): string[] {
  return wrap(text, 80 - INDENT).map((line, i) => (i === 0 ? line : `${' '.repeat(INDENT)}${line}`));
}

function indented(text: string): string[] {
  return text === '' ? [] : wrap(text, 80 - INDENT).map((line) => `${' '.repeat(INDENT)}${line}`);
}
