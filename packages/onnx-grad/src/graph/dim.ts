/**
 * Dimensions, known or symbolic. A symbolic dimension is a string: a product such as `N` or `49*N`, or an
 * opaque sum in parentheses. Products stay exact, so that `[N,3,8,8]` flattens to `[N,192]` and `[192*N]` back.
 */

export type Dim = number | string;
export type Shape = readonly Dim[];

interface Product {
  readonly factor: number;
  readonly symbols: readonly string[];
}

const parse = (dim: Dim): Product => {
  if (typeof dim === 'number') return { factor: dim, symbols: [] };
  const parts = splitProduct(dim);
  const first = parts[0];
  if (first !== undefined && /^\d+$/.test(first)) return { factor: Number(first), symbols: parts.slice(1) };
  return { factor: 1, symbols: parts };
};

/** Split at top-level `*`: an opaque sum keeps its inner products. */
const splitProduct = (text: string): string[] => {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')') depth--;
    else if (text[i] === '*' && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
};

const print = ({ factor, symbols }: Product): Dim => {
  if (symbols.length === 0 || factor === 0) return factor;
  const body = [...symbols].sort().join('*');
  return factor === 1 ? body : `${factor}*${body}`;
};

export const multiplyDims = (dims: readonly Dim[]): Dim => {
  let factor = 1;
  const symbols: string[] = [];
  for (const dim of dims) {
    const product = parse(dim);
    factor *= product.factor;
    symbols.push(...product.symbols);
  }
  return print({ factor, symbols });
};

/** `a / b` when it is a whole product, else undefined. */
export const divideDims = (a: Dim, b: Dim): Dim | undefined => {
  const x = parse(a);
  const y = parse(b);
  if (y.factor === 0 || x.factor % y.factor !== 0) return undefined;
  const rest = [...x.symbols];
  for (const symbol of y.symbols) {
    const at = rest.indexOf(symbol);
    if (at < 0) return undefined;
    rest.splice(at, 1);
  }
  return print({ factor: x.factor / y.factor, symbols: rest });
};

export const addDims = (a: Dim, b: Dim): Dim => {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (a === 0) return b;
  if (b === 0) return a;
  const x = parse(a);
  const y = parse(b);
  const same = [...x.symbols].sort().join('*') === [...y.symbols].sort().join('*');
  return same ? print({ factor: x.factor + y.factor, symbols: x.symbols }) : `(${a}+${b})`;
};

/** A symbolic function of a dimension that has no product form; equal arguments give equal names. */
export const opaqueDim = (name: string, ...parts: readonly Dim[]): Dim => `(${name}:${parts.join(',')})`;

export const sizeOf = (shape: Shape): Dim => multiplyDims(shape);

export const isStatic = (shape: Shape | undefined): shape is readonly number[] =>
  shape?.every((dim) => typeof dim === 'number') ?? false;

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((dim, i) => dim === b[i]);

export const showShape = (shape: Shape | undefined): string =>
  shape === undefined ? '[unknown]' : `[${shape.join(', ')}]`;

/** A negative axis counts from the end; undefined when out of range. */
export const normaliseAxis = (axis: number, rank: number): number | undefined => {
  const at = axis < 0 ? axis + rank : axis;
  return Number.isInteger(at) && at >= 0 && at < rank ? at : undefined;
};

/**
 * NumPy broadcasting of two shapes; undefined when they do not fit.
 * A symbolic dimension against another symbol is taken as equal only when they are the same expression.
 */
export const broadcast = (a: Shape, b: Shape): Dim[] | undefined => {
  const rank = Math.max(a.length, b.length);
  const out: Dim[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x === y) out.push(x);
    else if (x === 1) out.push(y);
    else if (y === 1) out.push(x);
    // A symbol against a number greater than one can only be that number (or one): the number is right either way.
    else if (typeof x === 'string' && typeof y === 'number') out.push(y);
    else if (typeof y === 'string' && typeof x === 'number') out.push(x);
    else return undefined;
  }
  return out;
};
