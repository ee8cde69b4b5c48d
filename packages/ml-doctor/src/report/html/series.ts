/** How curves of a figure are told apart: by colour, dashes and a letter. */

const COLOURS = 4;

/** Two dash patterns of four colours; more curves would not be told apart. */
export const MAX_CURVES = 2 * COLOURS;

export function letter(index: number): string {
  return String.fromCharCode(65 + index);
}

export function strokeClass(index: number, dashed = true): string {
  return `c${index % COLOURS}${dashed && index >= COLOURS ? ' second' : ''}`;
}

export function fillClass(index: number): string {
  return `f${index % COLOURS}`;
}

/** Pixels with one decimal. */
export function px(value: number): number {
  return Number(value.toFixed(1));
}
