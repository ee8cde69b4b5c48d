/** How long a server asks to be left alone: RFC 9110 §10.2.3, seconds or a date. */

/**
 * Milliseconds from now; undefined for a header that says nothing that can be understood.
 *
 * @param now the time, in milliseconds since 1970
 */
export const retryAfter = (header: string | undefined, now: number): number | undefined => {
  const text = header?.trim() ?? '';
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER);
  // Dates have a weekday; without it Date.parse takes nearly anything for one.
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
};
