/** What every attribute attack must do: on a target that goes by the attribute, and on one that is blind to it. */

import { Graph, ops } from 'onnx-grad';
import type {
  AttributeAttack,
  AttributeGuesses,
  AttributeInput,
} from '../../../attacks/attribute/attribute-attack.ts';
import type { Dataset } from '../../../data/dataset.ts';
import type { WhiteBoxAccess } from '../../../targets/access.ts';
import { accuracy, coins, context, noise, opened, span, table, times } from '../bench/attribute-world.ts';
import { type Check, check, firstDifference } from '../check.ts';
import { watched } from '../watched.ts';

export interface AttributeCase {
  readonly attack: AttributeAttack;
  readonly params?: Readonly<Record<string, unknown>>;
  /** It learns from the records it is asked about, so that their order matters a little. */
  readonly learnsFromAsked?: boolean;
  /** Why it cannot find what this target goes by, when it cannot. */
  readonly blind?: string;
}

const [KNOWN, ASKED] = [60, 90];
const SIZE = KNOWN + ASKED;
const CITIES = ['Ulm', 'Bonn', 'Jena'];
const GUESSING = 1 / CITIES.length;
/** Four standard deviations of a share of 90. */
const MARGIN = 0.2;

interface Changes {
  readonly asked?: readonly number[];
  readonly signal: AbortSignal;
  readonly progress?: (fraction: number) => void;
}

interface Guessed {
  readonly guesses: AttributeGuesses;
  readonly truth: readonly number[];
  readonly queries: number;
  readonly attribute: AttributeInput<WhiteBoxAccess>['attribute'];
}

/** Mostly the city, so that the attribute tells the label; or nothing of it. */
const dataOf = (leaky: boolean): Dataset => {
  const numbers = noise(7, SIZE, 2);
  const cities = span(0, SIZE).map((i) => (i * 7 + (i % 11)) % 3);
  const exceptions = coins(3, SIZE, 0.15);
  return table(
    numbers.map((row, i) => [...CITIES.map((_, c) => (cities[i] === c ? 1 : 0)), ...row]),
    span(0, SIZE).map((i) => (leaky ? (cities[i]! + exceptions[i]!) % 3 : numbers[i]![0]! > 0 ? 1 : 0)),
    {
      columns: [{ name: 'city', categories: CITIES }, { name: 'a' }, { name: 'b' }],
      oneHot: [{ first: 0, width: 3 }],
      ...(leaky ? {} : { classes: ['no', 'yes'] }),
    },
  );
};

/** Dense, ReLU, dense: what the last layer receives holds the city, or nothing of it. */
const modelOf = (leaky: boolean): Graph => {
  const graph = new Graph('target');
  const x = graph.input('x', 'float32', ['N', 5]);
  const pass = (on: readonly number[]) => on.map((place) => span(0, 5).map((j) => (j === place ? 1 : 0)));
  const columns = leaky ? pass([0, 1, 2, 3]) : pass([3, 4]);
  const hidden = ops.Relu(
    times(
      x,
      'first',
      columns[0]!.map((_, j) => columns.map((column) => column[j]!)),
    ),
  );
  const last = leaky
    ? [
        [3, 0, 0],
        [0, 3, 0],
        [0, 0, 3],
        [0.2, 0, -0.1],
      ]
    : [
        [-2, 2],
        [0.1, 0],
      ];
  graph.output('logits', times(hidden, 'last', last));
  return graph;
};

const nobody = {
  records: { ids: new Uint32Array(0), labels: new Int32Array(0) },
  rest: () => new Float32Array(0),
  truth: new Int32Array(0),
};

/** The target answers about whole records from the model, as it would from saved answers. */
const guess = async (
  { attack, params }: AttributeCase,
  leaky: boolean,
  { asked = span(KNOWN, ASKED), ...changes }: Changes,
): Promise<Guessed> => {
  const configured = attack.configure(params);
  const data = dataOf(leaky);
  const known = span(0, KNOWN);
  const { input, truth, close } = opened({ data, attribute: 'city', model: modelOf(leaky), known, asked });
  try {
    const { target } = input;
    const whole = (ids: Uint32Array) => ({
      values: Float32Array.from([...ids].flatMap((id) => [...data.x.subarray(5 * id, 5 * id + 5)])),
      rows: ids.length,
    });
    const answering = Object.defineProperties(Object.create(target), {
      query: { value: ({ ids }: { ids: Uint32Array }) => target.answersOf(whole(ids)) },
      labels: { value: ({ ids }: { ids: Uint32Array }) => target.labelsOf(whole(ids)) },
      queries: { get: () => target.queries },
    });
    const learnt = configured.needs.auxiliary === 'none' ? nobody : input.known;
    const guesses = await configured.run(
      { ...input, known: learnt, target: watched(answering) },
      { ...context, ...changes },
    );
    return { guesses, truth, queries: target.queries, attribute: input.attribute };
  } finally {
    await close();
  }
};

export const attributeContract = (one: AttributeCase): readonly Check[] => {
  let first: Promise<Guessed> | undefined;
  const found = (signal: AbortSignal) => {
    first ??= guess(one, true, { signal });
    return first;
  };
  return [
    check('guesses every record: a category, with beliefs that are shares', async (findings, signal) => {
      const { predicted, beliefs } = (await found(signal)).guesses;
      findings.must(predicted.length === ASKED, `${ASKED} guesses`, predicted.length);
      const stranger = predicted.find((value) => ![0, 1, 2].includes(value));
      findings.must(stranger === undefined, 'categories 0, 1 and 2', stranger);
      findings.must(beliefs?.length === 3 * ASKED, `${3 * ASKED} beliefs`, beliefs?.length);
      for (let i = 0; i < ASKED; i++) {
        const row = beliefs?.subarray(3 * i, 3 * i + 3) ?? new Float64Array(0);
        const sum = row.reduce((a, b) => a + b, 0);
        const shares = row.every((share) => share >= 0) && Math.abs(sum - 1) < 5e-10;
        findings.must(shares, 'beliefs from 0 with sum 1', row.join());
        if (!shares) return;
      }
    }),
    ...(one.blind === undefined
      ? [
          check('finds what the target goes by', async (findings, signal) => {
            const { guesses, truth } = await found(signal);
            // The label, and the answer to the record as it is, tell the city of 85 of 100.
            const right = accuracy(guesses.predicted, truth);
            findings.must(right > 0.75, 'more than .75 right', right);
          }),
        ]
      : []),
    check('finds nothing in a target that is blind to it', async (findings, signal) => {
      const { guesses, truth } = await guess(one, false, { signal });
      const right = accuracy(guesses.predicted, truth);
      findings.must(Math.abs(right - GUESSING) < MARGIN, `1/3 right, within ${MARGIN}`, right);
    }),
    check('guesses the same for the same seed, in whatever order it is asked', async (findings, signal) => {
      const { guesses } = await found(signal);
      const again = await guess(one, true, { signal });
      const difference =
        firstDifference(again.guesses.predicted, guesses.predicted) ??
        firstDifference(again.guesses.beliefs ?? [], guesses.beliefs ?? []);
      findings.must(difference === undefined, 'the same guesses again', difference);
      const turned = await guess(one, true, { asked: span(KNOWN, ASKED).reverse(), signal });
      const same = accuracy([...turned.guesses.predicted].reverse(), [...guesses.predicted]);
      // What learns from the records it is asked about sees them in another order.
      const least = one.learnsFromAsked ? 0.9 : 1;
      findings.must(same >= least, `${least} of the guesses the same in another order`, same);
    }),
    check('stops when it is told to', async (findings) => {
      const stop = AbortSignal.abort();
      await findings.mustThrow(
        () => guess(one, true, { signal: stop }),
        'an error',
        () => true,
      );
    }),
    check('says how far it is', async (findings, signal) => {
      const told: number[] = [];
      await guess(one, true, { progress: (fraction) => void told.push(fraction), signal });
      findings.must(
        told.length > 0 && told.every((share, i) => share >= 0 && share <= 1 && share >= (told[i - 1] ?? 0)),
        'ascending shares from 0 to 1',
        told.join() || 'none',
      );
    }),
    check('asks the target as often as it says', async (findings, signal) => {
      const configured = one.attack.configure(one.params);
      const { queries, attribute } = await found(signal);
      const { asked, known } = configured.queries({ attribute, recordShape: [5] });
      const about = configured.answers === 'none' ? 0 : SIZE;
      const most = asked * ASKED + known * KNOWN + about;
      findings.must(queries <= most, `at most ${most} queries`, queries);
      if (configured.needs.access === 'white-box') findings.must(queries === 0, 'no query', queries);
      else findings.must(queries > 0, 'queries', queries);
    }),
  ];
};
