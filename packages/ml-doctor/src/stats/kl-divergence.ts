/** How far one model's posteriors are from another's: the divergence of Kullback and Leibler, from logits. */
import { argmax } from './argmax.ts';
import { expNegative, logOnePlus } from './log-posterior.ts';

/**
 * Logarithm of what a posterior of exactly 0 is taken for: 2⁻¹⁴⁹, the smallest that single precision holds. Whatever was
 * rounded to 0 was smaller, so a divergence with such a posterior in it is the least that it can be.
 */
const LOG_LEAST = -149 * Math.LN2;

/**
 * KL(p ‖ q) = Σ p_j (ln p_j − ln q_j) in nats, 0 or more, of the softmax of two rows of logits (Kullback & Leibler, Annals
 * of Mathematical Statistics 22, 1951, equation 2.2). Where p_j is 0 the term is 0. Finite for any rows: logarithms of
 * posteriors come from the logits, so that none is lost for being small; only a logit of −∞ in q, a posterior that is 0
 * in whatever was saved, counts as 2⁻¹⁴⁹, about 103 nats.
 *
 * @param p logits, finite or −∞, at least one of them finite, as `q`
 */
export const klDivergence = (p: ArrayLike<number>, q: ArrayLike<number>): number => {
  const [topP, topQ] = [p[argmax(p)] as number, q[argmax(q)] as number];
  const [restP, restQ] = [logOfTotal(p), logOfTotal(q)];
  let sum = 0;
  for (let j = 0; j < p.length; j++) {
    const logP = (p[j] as number) - topP - restP;
    const weight = expNegative(logP);
    if (weight === 0) continue;
    const shown = (q[j] as number) - topQ - restQ;
    sum += weight * (logP - (shown === Number.NEGATIVE_INFINITY ? LOG_LEAST : shown));
  }
  // Of nearly equal rows nothing but rounding is left, of either sign.
  return Math.max(0, sum);
};

/** ln Σ e^(z − top): the terms other than the largest by themselves, so that a total of nearly 1 keeps its digits. */
const logOfTotal = (row: ArrayLike<number>): number => {
  const top = argmax(row);
  let others = 0;
  for (let j = 0; j < row.length; j++)
    if (j !== top) others += expNegative((row[j] as number) - (row[top] as number));
  return logOnePlus(others);
};
