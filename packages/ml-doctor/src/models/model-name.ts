/** Names of models: an architecture, and what of it is not as usual: `resnet18+group-norm+dropout-0.3`. */
import type { Architecture, GradientArchitecture, Norm } from './architecture.ts';

/** What can be chosen of an architecture. */
export interface ModelOptions {
  readonly norm?: Norm;
  /** Share of units dropped in training, from 0 and below 1. */
  readonly dropout?: number;
}

export interface ModelName extends ModelOptions {
  /** Of the architecture. */
  readonly name: string;
}

const WORDS = { batch: 'batch-norm', group: 'group-norm', none: 'no-norm' } as const satisfies Record<
  Norm,
  string
>;

/** To six decimal places: as many as JavaScript writes without an exponent. */
export const roundedRate = (rate: number): number => Number(rate.toFixed(6));

/** The norm first, then the dropout; an option that is left out is the architecture's own. */
export const modelName = ({ name, norm, dropout }: ModelName): string =>
  [
    name,
    ...(norm === undefined ? [] : [WORDS[norm]]),
    ...(dropout === undefined ? [] : [`dropout-${roundedRate(dropout)}`]),
  ].join('+');

/** What {@link modelName} wrote; anything else is the name of an architecture, looked up by whoever reads it. */
export const parseModelName = (text: string): ModelName => {
  const [name = '', ...options] = text.split('+');
  const found: { name: string; norm?: Norm; dropout?: number } = { name };
  for (const option of options) {
    const norm = (Object.keys(WORDS) as Norm[]).find((one) => WORDS[one] === option);
    const [, rate] = /^dropout-(0(?:\.\d{1,6})?)$/.exec(option) ?? [];
    if (norm !== undefined) found.norm = norm;
    else if (rate !== undefined) found.dropout = Number(rate);
  }
  return modelName(found) === text ? found : { name: text };
};

/** Without what the architecture does anyhow, so that one model has one name. */
export const withoutOwn = (model: ModelName, own: Architecture): ModelName => {
  if (own.trains !== 'gradient') return model;
  const { norm, dropout } = model;
  return {
    name: model.name,
    ...(norm !== undefined && norm !== own.norms?.[0] && { norm }),
    ...(dropout !== undefined && dropout !== own.dropout && { dropout }),
  };
};

/** What of these options the architecture does not have. */
export const lacking = (
  own: Architecture,
  { norm, dropout }: ModelOptions,
): readonly (keyof ModelOptions)[] => {
  const { norms, dropout: rate } = own.trains === 'gradient' ? own : {};
  return [
    ...(norm !== undefined && !norms?.includes(norm) ? (['norm'] as const) : []),
    ...(dropout !== undefined && rate === undefined ? (['dropout'] as const) : []),
  ];
};

/** The architecture with its options settled; of the same name as everything that is made of it. */
export const withOptions = (own: GradientArchitecture, options: ModelOptions): GradientArchitecture => ({
  ...own,
  name: modelName({ ...options, name: own.name }),
  ...(options.norm !== undefined && own.norms && { norms: [options.norm] as const }),
  ...(options.dropout !== undefined && { dropout: options.dropout }),
  build: (given) => own.build({ ...given, ...options }),
});

/**
 * Of the names of an architecture with and without options, as a part of a regular expression.
 * What it takes for its own is among them: `withoutOwn` leaves that out.
 */
export const namePattern = (own: Architecture): string => {
  const { norms = [], dropout } = own.trains === 'gradient' ? own : {};
  const norm = norms.length === 0 ? '' : `(?:\\+(?:${norms.map((one) => WORDS[one]).join('|')}))?`;
  const rate = dropout === undefined ? '' : '(?:\\+dropout-0(?:\\.\\d{0,5}[1-9])?)?';
  return `${own.name}${norm}${rate}`;
};
