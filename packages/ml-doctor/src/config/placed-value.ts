/** A YAML document as plain values that know where they stand; what could be read in two ways is refused. */

import { type Alias, isAlias, isMap, isSeq, type Pair, type ParsedNode } from 'yaml';
import type { Positions } from './positions.ts';
import { shownValue } from './show.ts';

/** Where a value and its parts stand in the text, as offsets. */
export interface Place {
  readonly start: number;
  /** The key before it, if it has one; else the value. */
  readonly key: number;
  /** A plain scalar as it is written: `0x10`, `.inf`, or nothing at all. */
  readonly written?: string;
  readonly parts: ReadonlyMap<string | number, Place>;
}

export interface PlacedValue {
  /** Plain JSON, but for infinities and NaN. Objects have no prototype, so that no key of a file is special. */
  readonly value: unknown;
  readonly place: Place;
}

/** Deeper than any configuration, and far from where recursion could exhaust the stack. */
export const MAX_DEPTH = 64;

/** So many values may come out of aliases: plenty for people, too few for a bomb. */
const MAX_COPIES = 10_000;

const NO_PARTS: Place['parts'] = new Map();

/** @throws {AuditError} MLD_CONFIG at the first tag, repeated key, merge key, or alias without its anchor or its measure */
export function placedValue(root: ParsedNode, positions: Positions): PlacedValue {
  const anchors = new Map<string, ParsedNode>();
  let copies = 0;

  /** `copiedAt`: where the outermost alias stands through which this node is read. */
  const read = (node: ParsedNode, key: number | undefined, depth: number, copiedAt?: number): PlacedValue => {
    if (copiedAt !== undefined && (++copies > MAX_COPIES || depth > MAX_DEPTH))
      throw positions.error(
        copiedAt,
        'this alias stands for too much',
        `Write the values out: aliases stand for ${MAX_COPIES} values at most, ${MAX_DEPTH} deep.`,
      );
    const start = node.range[0];
    if (isAlias(node)) {
      const meant = anchors.get(node.source);
      if (meant === undefined)
        throw positions.error(
          start,
          `nothing before *${shownName(node.source)} carries its anchor`,
          `Put &${shownName(node.source)} before the value that is meant, or write the value here.`,
        );
      const { value, place } = read(meant, undefined, depth, copiedAt ?? start);
      return { value, place: { ...place, start, key: key ?? start } };
    }
    if (node.tag !== undefined)
      throw positions.error(
        start,
        `this value carries the tag ${shownName(node.tag.replace(/^tag:yaml\.org,2002:/, '!!'))}`,
        'Remove the tag: a configuration holds plain texts, numbers, lists and mappings.',
      );
    const result = readPlain(node, start, key ?? start, depth, copiedAt);
    // Only now, so that no value can be a part of itself.
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    return result;
  };

  const readPlain = (
    node: Exclude<ParsedNode, Alias.Parsed>,
    start: number,
    key: number,
    depth: number,
    copiedAt: number | undefined,
  ): PlacedValue => {
    if (isMap(node)) {
      const parts = new Map<string, Place>();
      const value: Record<string, unknown> = Object.create(null);
      for (const pair of node.items) {
        const [name, at] = keyOf(pair, parts);
        // `{ a }` has no value to read.
        const item = pair.value
          ? read(pair.value, at, depth + 1, copiedAt)
          : { value: null, place: { start: at, key: at, written: '', parts: NO_PARTS } };
        parts.set(name, item.place);
        value[name] = item.value;
      }
      return { value, place: { start, key, parts } };
    }
    if (isSeq(node)) {
      const items = node.items.map((item) => read(item, undefined, depth + 1, copiedAt));
      return {
        value: items.map((item) => item.value),
        place: { start, key, parts: new Map(items.map((item, index) => [index, item.place])) },
      };
    }
    const { value, source } = node;
    const isPlain = typeof value !== 'string';
    return {
      // YAML knows a negative zero; a configuration does not.
      value: value === 0 ? 0 : value,
      place: { start, key, parts: NO_PARTS, ...(isPlain && { written: source ?? '' }) },
    };
  };

  const keyOf = ({ key }: Pair<ParsedNode>, before: ReadonlyMap<string, Place>): [string, number] => {
    const name = String((key as { value?: unknown }).value ?? '');
    const at = key.range[0];
    const first = before.get(name);
    if (first !== undefined)
      throw positions.error(
        at,
        `the key ${shownValue(name)} stands here again; the first is at ${positions.at(first.key)}`,
        'Remove one of the two.',
      );
    if (name === '<<')
      throw positions.error(
        at,
        'merge keys (<<) are not part of YAML 1.2',
        'Write the keys out, or use an alias for the whole value.',
      );
    return [name, at];
  };

  return read(root, undefined, 0);
}

const shownName = (name: string): string => shownValue(name).slice(1, -1);
