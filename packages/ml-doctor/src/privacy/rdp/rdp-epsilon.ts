/** Epsilon by Rényi differential privacy, under either conversion. */
import type { SubsampledGaussian } from '../setting.ts';
import { logMoments } from './log-moment.ts';
import { CLASSIC_ORDERS, ORDERS } from './orders.ts';

/** RDP over all steps at one order, in nats. */
type Spent = (rdp: number, order: number, logDelta: number) => number;

/** ε = R + ln(1/δ)/(α − 1) (Mironov, CSF 2017, proposition 3). */
const classic: Spent = (rdp, order, logDelta) => rdp - logDelta / (order - 1);

/** ε = R + ln(1 − 1/α) − (ln δ + ln α)/(α − 1) (Canonne, Kamath & Steinke 2020, proposition 12). */
const improved: Spent = (rdp, order, logDelta) =>
  rdp + Math.log1p(-1 / order) - (logDelta + Math.log(order)) / (order - 1);

/** The least over the orders; the conversions may go below 0, where 0 is as true. */
const leastOver =
  (orders: readonly number[], spent: Spent) =>
  ({ sampleRate, noiseMultiplier, steps }: SubsampledGaussian, delta: number): number => {
    const logMoment = logMoments(sampleRate, noiseMultiplier);
    let least = Number.POSITIVE_INFINITY;
    for (const order of orders) {
      const rdp = (steps * logMoment(order)) / (order - 1);
      const epsilon = spent(rdp, order, Math.log(delta));
      if (epsilon < least) least = epsilon;
    }
    return Math.max(0, least);
  };

export const classicRdpEpsilon = leastOver(CLASSIC_ORDERS, classic);
export const rdpEpsilon = leastOver(ORDERS, improved);
