/** Names of data sets: an id of the catalogue, and of pictures the pixels a side where others than the usual are meant. */

export interface DataName {
  readonly id: string;
  readonly pixels?: number;
}

/** `celeba@64` is the data set celeba in 64 by 64 pixels; anything else is an id, looked up by whoever reads it. */
export const parseDataName = (name: string): DataName => {
  const [, id, pixels] = /^(.*)@(\d{1,4})$/.exec(name) ?? [];
  return id === undefined ? { id: name } : { id, pixels: Number(pixels) };
};

export const dataName = ({ id, pixels }: DataName): string => (pixels === undefined ? id : `${id}@${pixels}`);
