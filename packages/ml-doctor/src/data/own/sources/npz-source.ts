/** Records in NumPy files: `x` with a row for each, `y` with its label, and attributes by their names. */
import { AuditError } from '../../../errors.ts';
import { isText } from '../../formats/element-type.ts';
import { type Npz, withNpz } from '../../formats/npz.ts';
import { type RecordSource, type Side, valueTaker } from './source.ts';

/** Names looked for, the first one found is taken. */
const INPUTS = ['x', 'X', 'inputs', 'data', 'images'] as const;
const LABELS = ['y', 'Y', 'label', 'labels', 'target', 'class'] as const;
/** Training and test records in one file, as Keras saves them: members are the former, non-members the latter. */
const PARTS = { members: 'train', nonMembers: 'test' } as const;

export interface NpzChoice {
  readonly side: Side;
  readonly label?: string;
  readonly attributes: readonly string[];
  readonly signal?: AbortSignal;
}

/**
 * @throws {AuditError} MLD_DATA_INVALID when arrays are missing or have different numbers of rows, and the errors of
 *   {@link withNpz}
 */
export function npzSource(path: string, choice: NpzChoice): Promise<RecordSource> {
  const { side, attributes, signal } = choice;
  return withNpz(
    path,
    async (npz) => {
      const { x, y } = arrayNames(npz, side, choice.label);
      const inputs = await npz.header(x);
      const [records = 0, ...shape] = inputs.shape;
      if (isText(inputs.type)) throw invalid(path, `'${x}' holds text`, 'Inputs are numbers.');
      if (inputs.length === 0 || inputs.shape.length === 0)
        throw invalid(
          path,
          `'${x}' has no records, its shape is (${inputs.shape.join(', ')})`,
          'Give at least one record.',
        );
      for (const name of [y, ...attributes]) await checkRows(npz, name, x, records);
      const { kind, size } = inputs.type;
      return {
        path,
        format: 'npz',
        records,
        notes: [`${path}: inputs from '${x}' of shape (${inputs.shape.join(', ')}), labels from '${y}'`],
        form: async () => ({ shape, bytes: size === 1 && kind !== 'i', layout: 'unknown' }),
        read: (rows, out) =>
          withNpz(
            path,
            async (again) => {
              await again.numbers(x, rows.length === records ? undefined : rows, out);
              const labels = valueTaker(rows);
              await again.each(y, labels.visit);
              const values: Record<string, readonly (string | number)[]> = {};
              for (const name of attributes) {
                const taker = valueTaker(rows);
                await again.each(name, taker.visit);
                values[name] = taker.drawn;
              }
              return { labels: labels.drawn, others: labels.others, attributes: values };
            },
            signal,
          ),
      };
    },
    signal,
  );
}

function arrayNames(
  npz: Npz,
  side: Side,
  label: string | undefined,
): { readonly x: string; readonly y: string } {
  const has = (name: string) => npz.names.includes(name);
  const listed = npz.names.slice(0, 10).map((name) => JSON.stringify(name.slice(0, 40)));
  const part = ['train', 'test'].filter((name) => has(`x_${name}`));
  const plain = INPUTS.find(has);
  const suffix =
    plain !== undefined
      ? ''
      : part.length === 2
        ? `_${side === 'auxiliary' ? '' : PARTS[side]}`
        : `_${part[0]}`;
  const x = plain ?? `x${suffix}`;
  if (!has(x)) {
    throw invalid(
      npz.path,
      part.length === 2
        ? "holds 'x_train' and 'x_test', and neither is the attacker's"
        : `has no array of inputs; it holds ${listed.join(', ') || 'nothing'}`,
      `Save it with np.savez(path, x=…, y=…); inputs are looked for as ${INPUTS.join(', ')}, x_train or x_test.`,
    );
  }
  const own = PARTS[side as keyof typeof PARTS] ?? '';
  if (
    part.length === 2 &&
    label !== undefined &&
    /_(train|test)$/.test(label) &&
    !label.endsWith(`_${own}`)
  ) {
    throw invalid(
      npz.path,
      `'${label}' is named for the labels, and the ${side === 'members' ? 'members' : 'non-members'} are those of 'x_${own}'`,
      'Leave the label out: y_train and y_test are found by themselves.',
    );
  }
  const y = label ?? (suffix === '' ? LABELS.find(has) : `y${suffix}`);
  if (y === undefined || !has(y)) {
    throw invalid(
      npz.path,
      `has no array of labels${y === undefined ? '' : ` '${y}'`}; it holds ${listed.join(', ')}`,
      npz.path.endsWith('.npy')
        ? 'An .npy file holds one array: save inputs and labels together with np.savez(path, x=…, y=…).'
        : `Save it with np.savez(path, x=…, y=…), or name the array with \`label\`; looked for are ${LABELS.join(', ')}.`,
    );
  }
  return { x, y };
}

async function checkRows(npz: Npz, name: string, x: string, records: number): Promise<void> {
  const { shape } = await npz.header(name);
  if (shape.length >= 1 && shape.slice(1).some((size) => size !== 1)) {
    throw invalid(
      npz.path,
      `'${name}' is of shape (${shape.join(', ')}), where one value a record is wanted`,
      `Save one class for each record; from one-hot rows: np.argmax(${name}, axis=1).`,
    );
  }
  if ((shape[0] ?? 1) !== records || shape.length === 0) {
    throw invalid(
      npz.path,
      `'${x}' has ${records} rows and '${name}' is of shape (${shape.join(', ')})`,
      'Save as many labels and attributes as records.',
    );
  }
}

function invalid(path: string, what: string, hint: string): AuditError {
  return new AuditError('MLD_DATA_INVALID', `${path}: ${what}`, hint);
}
