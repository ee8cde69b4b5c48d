/** Sizes of files as people read them. */

const KIB = 1024;
const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'];

/** `512 bytes`, `1.5 KiB`, `20 MiB`: two digits at least. */
export function fileSize(bytes: number): string {
  if (bytes < KIB)
    return bytes === 1 ? '1 byte' : `${String(bytes).replace(/(?=\d{3}$)/, thousands(bytes))} bytes`;
  let value = bytes;
  let unit = -1;
  // From 1023.5 on it would be printed as 1024.
  while (unit < 0 || (value >= KIB - 0.5 && unit < UNITS.length - 1)) {
    value /= KIB;
    unit += 1;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

const thousands = (bytes: number): string => (bytes >= 1000 ? ',' : '');
