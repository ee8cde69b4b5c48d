/**
 * The body of a request, with placeholders: `{{inputs}}` the batch as nested lists, `{{input}}` the only record of a
 * request, `{{flat}}` all numbers in one list, `{{shape}}` the shape of the batch, `{{rows}}` its number of records.
 */
import { choiceFault } from './faults.ts';
import type { RecordForm } from './records.ts';

const PLACE = /\{\{(inputs|input|flat|shape|rows)\}\}/g;
const WHOLE = /^\{\{(inputs|input|flat|shape|rows)\}\}$/;

type Place = 'inputs' | 'input' | 'flat' | 'shape' | 'rows';

export interface RequestTemplate {
  /** Whether a request holds one record only. */
  readonly single: boolean;
  body(records: readonly Float32Array[]): string;
  /** The address, for a request without a body: numbers as JSON, escaped. */
  address(url: string, records: readonly Float32Array[]): string;
}

/**
 * @param template plain JSON, or a text
 * @param url may hold placeholders too, of a request that has no body
 * @throws {AuditError} MLD_CONFIG where nothing says where the records go, or two things contradict each other
 */
export const requestTemplate = (template: unknown, url: string, form: RecordForm): RequestTemplate => {
  const used = new Set(
    [...`${JSON.stringify(template) ?? ''} ${url}`.matchAll(PLACE)].map(([, name]) => name),
  );
  const single = used.has('input');
  if (!used.has('inputs') && !used.has('flat') && !single)
    throw choiceFault(
      'the request has no place for the records',
      'Put `{{inputs}}` where the batch goes, or `{{input}}` for one record a request; a GET has them in `endpoint`.',
    );
  if (single && used.has('inputs'))
    throw choiceFault(
      'the request has both {{input}} and {{inputs}}',
      'Choose one record a request, or a batch.',
    );
  const fill = (place: Place, records: readonly Float32Array[]): unknown => {
    if (place === 'rows') return records.length;
    if (place === 'shape') return [records.length, ...form.shape];
    if (place === 'flat') return records.flatMap((record) => form.flat(record));
    if (place === 'input') return form.nested(records[0] as Float32Array);
    return records.map((record) => form.nested(record));
  };
  const text = (part: string, records: readonly Float32Array[], encode = (t: string) => t): string =>
    part.replace(PLACE, (_, place: Place) => encode(JSON.stringify(fill(place, records))));
  const filled = (part: unknown, records: readonly Float32Array[]): unknown => {
    if (typeof part === 'string') {
      const place = WHOLE.exec(part)?.[1] as Place | undefined;
      return place === undefined ? text(part, records) : fill(place, records);
    }
    if (Array.isArray(part)) return part.map((one) => filled(one, records));
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, filled(one, records)]));
  };
  return {
    single,
    // A template that is one text is the body itself, whatever format it has.
    body: (records) =>
      typeof template === 'string' ? text(template, records) : JSON.stringify(filled(template, records)),
    address: (url, records) => text(url, records, encodeURIComponent),
  };
};
