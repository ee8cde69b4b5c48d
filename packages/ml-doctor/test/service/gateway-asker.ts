/** A process that asks a gateway as a worker does: one question per message, the outcome sent back. */
import { gatewayTarget } from '../../src/targets/gateway/gateway.ts';

const stop = new AbortController();

process.on('message', async ({ address, name, rows, width, abort }: Question) => {
  if (abort) return stop.abort();
  const values = new Float32Array(rows * width);
  for (let i = 0; i < values.length; i++) values[i] = i;
  try {
    const { logits, classes } = await gatewayTarget(address, name).answers({ values, rows }, stop.signal);
    process.send?.({ classes, first: logits[0], last: logits.at(-1), count: logits.length });
  } catch (error) {
    const { name: kind, code, message, hint, transient } = error as Record<string, unknown>;
    process.send?.({ failed: { kind, code, message, hint, transient } });
  }
});

export interface Question {
  readonly address: string;
  readonly name: string;
  readonly rows: number;
  readonly width: number;
  readonly abort?: true;
}
