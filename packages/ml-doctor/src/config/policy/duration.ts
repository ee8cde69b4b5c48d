/** How old a report may be, as people write it: `30d`, `12h`, `2w`, or ISO 8601 without years and months. */

const SECONDS = { h: 3600, d: 86_400, w: 604_800 } as const;

const SHORT = /^(\d{1,6})([hdw])$/;
const WEEKS = /^P(\d{1,6})W$/;
/** Years and months differ in length, so they are left out. */
const ISO = /^P(?=\d|T\d)(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/;

/** The same in one expression, for the JSON Schema. */
export const DURATION_PATTERN = [SHORT, WEEKS, ISO].map(({ source }) => source).join('|');

/** Seconds; undefined for what is no duration, or none longer than nothing. */
export function durationSeconds(text: string): number | undefined {
  const seconds = secondsOf(text);
  return seconds !== undefined && seconds > 0 ? seconds : undefined;
}

function secondsOf(text: string): number | undefined {
  const short = SHORT.exec(text);
  if (short !== null) return Number(short[1]) * SECONDS[short[2] as keyof typeof SECONDS];
  const weeks = WEEKS.exec(text);
  if (weeks !== null) return Number(weeks[1]) * SECONDS.w;
  const iso = ISO.exec(text);
  if (iso === null) return undefined;
  const [days, hours, minutes, seconds] = [1, 2, 3, 4].map((part) => Number(iso[part] ?? 0));
  return days! * SECONDS.d + hours! * SECONDS.h + minutes! * 60 + seconds!;
}
