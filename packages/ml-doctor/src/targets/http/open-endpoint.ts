/** The endpoint itself: questions to inputs, inputs to the ledger, and what it lacks to the server. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { AuditError } from '../../errors.ts';
import type { Inputs } from '../access.ts';
import { openClient } from './client.ts';
import type { Clock } from './clock.ts';
import { openDriftWatch } from './drift.ts';
import type { Endpoint, EndpointChoice, EndpointOptions } from './endpoint.ts';
import { openConnections } from './exchange.ts';
import { answerFault, choiceFault, endpointFault } from './faults.ts';
import { inputKey, targetIdentity } from './identity.ts';
import { parseAnswer } from './json-answer.ts';
import { openLedger } from './ledger.ts';
import { completeRow, hiddenIn } from './log-row.ts';
import { openPace } from './pace.ts';
import { FORMS } from './protocols/protocol.ts';
import { readRows } from './read-rows.ts';
import { recordForm } from './records.ts';
import { requestTemplate } from './request-template.ts';
import { follow, parsePath } from './response-path.ts';
import { hasVariable, isTelling, openSecrets, shownUrl } from './secrets.ts';
import { type Item, openSender } from './send-all.ts';

const QUOTED = 160;
const DEFAULT_HEADERS = {
  'content-type': 'application/json',
  accept: 'application/json',
  'accept-encoding': 'identity',
  'user-agent': 'ml-doctor',
};

/** `openEndpoint`, with a clock that tests may set. */
export const openEndpointWith = async (
  choice: EndpointChoice,
  options: EndpointOptions,
  clock: Clock,
): Promise<Endpoint> => {
  const { classes, offline = false } = options;
  const protocol = FORMS[choice.protocol];
  const form = recordForm(options.recordShape, choice.layout);
  const template = templateOf(choice, options, form);
  const path = choice.response === undefined ? undefined : parsePath(choice.response);
  // Nothing is sent, so nobody needs a key.
  const secrets = offline ? undefined : openSecrets(choice, options.env);
  if (secrets) checkAddress(secrets.url, shownUrl(choice.url), secrets.headers);
  const own = secrets?.redact ?? ((text: string) => text);
  const redact = (text: string): string => own(options.redact?.(text) ?? text);
  const quote = (text: string): string => {
    const clean = redact(text).replace(/\s+/g, ' ');
    return clean.length > QUOTED ? `${clean.slice(0, QUOTED)}…` : clean;
  };

  const of = targetIdentity(choice, options);
  const ledger = await openLedger(options.ledger, { of, classes: classes.length, readOnly: offline });
  const left = (): number => Math.max(0, choice.budget - ledger.sent);
  const connections = openConnections();
  const session = new AbortController();
  const pace = openPace(choice.concurrency, choice.rate, clock);
  const url = secrets?.url ?? choice.url;
  const client = openClient({
    choice,
    headers: { ...DEFAULT_HEADERS, ...secrets?.headers },
    ...(options.sign && { sign: options.sign }),
    shown: {
      url: shownUrl(choice.url),
      headers: Object.keys(choice.headers).filter(
        (n) => isTelling(n) || hasVariable(choice.headers[n] ?? ''),
      ),
      usual: protocol.address,
    },
    quote,
    pace,
    clock,
    connections,
    spend: async (records) => {
      if (records > left()) throw overBudget(records, ledger.sent, choice.budget);
      await ledger.spend(records);
    },
    onWait: (what) => options.onWait?.(redact(what)),
  });
  const sender = openSender({
    choice,
    url,
    template,
    classes: classes.length,
    client,
    pace,
    read: (text, rows) => {
      const response = parseAnswer(text, quote);
      const value = path ? follow(response, path, quote) : protocol.answers(response, quote);
      return readRows(value, { rows, classes, answers: choice.answers, quote });
    },
  });

  const width = classes.length;
  const rowAt = (rows: Float32Array, i: number): Float32Array => rows.slice(i * width, (i + 1) * width);
  const watch = openDriftWatch(ledger, async (items) => {
    const found = new Map<string, Float32Array>();
    const take = async (batch: readonly Item[], rows: Float32Array): Promise<void> => {
      batch.forEach(({ key }, i) => {
        found.set(key, rowAt(rows, i));
      });
    };
    await sender.send(items, take, session.signal);
    return items.map(({ key }) => found.get(key) as Float32Array);
  });

  /** What somebody is asking about just now; settles, and never fails. */
  const underWay = new Map<string, Promise<void>>();
  const partial = new Set<string>();

  const fetchAll = async (items: readonly Item[], signal: AbortSignal): Promise<void> => {
    if (items.length > left()) throw overBudget(items.length, ledger.sent, choice.budget);
    await orAborted(watch.before(left() - items.length), signal);
    const keep = (batch: readonly Item[], rows: Float32Array): Promise<void> =>
      ledger.keep(batch.map(({ key }, i) => ({ key, row: rowAt(rows, i) })));
    await sender.send(items, keep, AbortSignal.any([signal, session.signal]));
    await orAborted(watch.after(items, left()), signal);
  };

  const complete = async (items: ReadonlyMap<string, Item>, signal: AbortSignal): Promise<void> => {
    for (;;) {
      signal.throwIfAborted();
      session.signal.throwIfAborted();
      const missing = [...items.values()].filter(({ key }) => ledger.row(key) === undefined);
      if (missing.length === 0) return;
      if (offline) throw notInLedger(missing.length, items.size);
      const mine = missing.filter(({ key }) => !underWay.has(key));
      if (mine.length === 0) {
        // Should the one who asks fail, this question asks itself.
        await orAborted(Promise.all(missing.map(({ key }) => underWay.get(key))), signal);
        continue;
      }
      const work = fetchAll(mine, signal);
      const settled = work.catch(() => undefined);
      for (const { key } of mine) underWay.set(key, settled);
      try {
        await work;
      } finally {
        for (const { key } of mine) underWay.delete(key);
      }
    }
  };

  const itemsOf = ({ values, rows }: Inputs): readonly Item[] => {
    if (values.length !== rows * form.length)
      throw new Error(`internal: ${values.length} numbers for ${rows} inputs of ${form.length}`);
    if (!values.every(Number.isFinite)) throw new Error('internal: an input that is no finite number');
    return Array.from({ length: rows }, (_, i) => {
      const record = values.subarray(i * form.length, (i + 1) * form.length);
      return { key: inputKey(of, record), record };
    });
  };

  return {
    get sent() {
      return ledger.sent;
    },
    get left() {
      return left();
    },
    get drift() {
      return ledger.drift;
    },
    get partial() {
      return partial.size;
    },
    answers: async (inputs, signal) => {
      const items = itemsOf(inputs);
      for (const item of items) watch.see(item);
      try {
        await complete(new Map(items.map((item) => [item.key, item])), signal);
      } catch (error) {
        throw clean(error, redact);
      }
      const logits = new Float32Array(items.length * width);
      items.forEach(({ key }, i) => {
        const row = ledger.row(key) as Float32Array;
        const hidden = hiddenIn(row);
        if (hidden > 0) partial.add(key);
        if (hidden > 0 && !options.showsSome) throw showsOnlySome(width - hidden, width);
        logits.set(completeRow(row), i * width);
      });
      return { logits, classes: width };
    },
    unanswered: (inputs) =>
      new Set(itemsOf(inputs).flatMap(({ key }) => (ledger.row(key) === undefined ? [key] : []))),
    close: async () => {
      session.abort(new AuditError('MLD_ABORTED', 'the endpoint was closed', 'Open it again to go on.'));
      await Promise.all(underWay.values());
      connections.http.destroy();
      connections.https.destroy();
      await ledger.close();
    },
  };
};

const templateOf = (
  choice: EndpointChoice,
  { classes }: EndpointOptions,
  form: ReturnType<typeof recordForm>,
) => {
  for (const [name, least] of [
    ['batch', 1],
    ['concurrency', 1],
    ['retries', 0],
    ['budget', 0],
  ] as const)
    if (!Number.isSafeInteger(choice[name]) || choice[name] < least)
      throw choiceFault(`${name} is ${choice[name]}`, `Give a whole number from ${least}.`);
  for (const name of ['rate', 'timeoutSeconds'] as const)
    if (choice[name] !== undefined && !(choice[name] > 0))
      throw choiceFault(`${name} is ${choice[name]}`, 'Give a number above 0.');
  if (choice.method !== 'GET')
    return requestTemplate(choice.request ?? FORMS[choice.protocol].request(classes), '', form);
  if (choice.request !== undefined)
    throw choiceFault('a GET has no body for `request`', 'Put `{{input}}` or `{{inputs}}` into the address.');
  return requestTemplate(undefined, choice.url, form);
};

const checkAddress = (url: string, shown: string, headers: Readonly<Record<string, string>>): void => {
  // The parser would leave them out, and ask another address than the one that is written.
  if (/\p{Cc}/u.test(url) || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw choiceFault(
      `the endpoint ${shown} is no address of a web server`,
      'Write it in full, as https://HOST/PATH.',
    );
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      // The system's own message could hold the value.
      throw choiceFault(
        `the header ${name} cannot be sent`,
        'Write names and values of headers in plain letters, on one line.',
      );
    }
  }
};

/** The work goes on for whoever else waits for it. */
const orAborted = async (work: Promise<unknown>, signal: AbortSignal): Promise<void> => {
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
};

const clean = (error: unknown, redact: (text: string) => string): unknown => {
  if (!(error instanceof AuditError)) return error;
  const { code, message, hint, transient } = error;
  return new AuditError(code, redact(message), redact(hint), { transient });
};

const overBudget = (records: number, sent: number, budget: number): AuditError =>
  new AuditError(
    'MLD_BUDGET',
    `${records} more records to send where ${sent} of ${budget} are sent and ${Math.max(0, budget - sent)} are left`,
    `Raise \`budget\` to ${sent + records} at least (more, for attempts that fail), or audit fewer records; what has been answered is kept.`,
  );

const showsOnlySome = (shown: number, classes: number): AuditError =>
  answerFault(
    `shows ${shown} of ${classes} classes of a record, from which no loss follows`,
    'Have it show all (of Hugging Face: `parameters.top_k`), or audit what it shows: `offers: { output: topK }`, or `top1`, under target; `answers: label` for labels alone.',
  );

const notInLedger = (missing: number, asked: number): AuditError =>
  endpointFault(
    `${missing} of ${asked} inputs are not in the ledger, and nothing is sent offline`,
    'Run once without `offline`, with the same configuration and data.',
  );
