/** The discrete Fourier transform of 2ⁿ complex numbers, and what becomes of a distribution that is added to itself. */

/**
 * Convolves `masses` with itself `times` times over, around a circle of its length: the distribution of a sum, modulo
 * that length. Rounding leaves an error of about 1e-16 `times` of the largest mass in each.
 *
 * @param masses a power of two many, their sum about 1; replaced
 */
export const convolveWithItself = (masses: Float64Array, times: number): void => {
  const n = masses.length;
  const imaginary = new Float64Array(n);
  const turns = turnsOf(n);
  forward(masses, imaginary, turns);
  for (let i = 0; i < n; i++) raise(masses, imaginary, i, times);
  backward(masses, imaginary, turns);
  for (let i = 0; i < n; i++) masses[i] = (masses[i] as number) / n;
};

/** One complex number of modulus at most 1 to a whole power, by squaring. */
const raise = (re: Float64Array, im: Float64Array, i: number, times: number): void => {
  let [x, y] = [re[i] as number, im[i] as number];
  let [a, b] = [1, 0];
  // |F|ᵀ ≤ exp(−T (1 − |F|²)/2): most are nothing, and need not be raised.
  if (times * (1 - x * x - y * y) > 120) a = 0;
  else
    for (let rest = times; rest > 0; rest = Math.floor(rest / 2)) {
      if (rest % 2 === 1) [a, b] = [a * x - b * y, a * y + b * x];
      [x, y] = [x * x - y * y, 2 * x * y];
    }
  re[i] = a;
  im[i] = b;
};

interface Turns {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

const turnsOf = (n: number): Turns => {
  const cos = new Float64Array(Math.max(1, n / 2));
  const sin = new Float64Array(cos.length);
  for (let k = 0; k < cos.length; k++) {
    cos[k] = Math.cos((2 * Math.PI * k) / n);
    sin[k] = Math.sin((2 * Math.PI * k) / n);
  }
  return { cos, sin };
};

/** Natural order in, bit-reversed order out: nothing here minds the order in between. */
const forward = (re: Float64Array, im: Float64Array, { cos, sin }: Turns): void => {
  const n = re.length;
  for (let half = n / 2; half >= 1; half /= 2) {
    const stride = n / (2 * half);
    for (let start = 0; start < n; start += 2 * half)
      for (let k = 0; k < half; k++) {
        const [i, j] = [start + k, start + k + half];
        const c = cos[k * stride] as number;
        const s = sin[k * stride] as number;
        const x = (re[i] as number) - (re[j] as number);
        const y = (im[i] as number) - (im[j] as number);
        re[i] = (re[i] as number) + (re[j] as number);
        im[i] = (im[i] as number) + (im[j] as number);
        re[j] = x * c + y * s;
        im[j] = y * c - x * s;
      }
  }
};

/** The other way, times n. */
const backward = (re: Float64Array, im: Float64Array, { cos, sin }: Turns): void => {
  const n = re.length;
  for (let half = 1; half < n; half *= 2) {
    const stride = n / (2 * half);
    for (let start = 0; start < n; start += 2 * half)
      for (let k = 0; k < half; k++) {
        const [i, j] = [start + k, start + k + half];
        const c = cos[k * stride] as number;
        const s = sin[k * stride] as number;
        const x = (re[j] as number) * c - (im[j] as number) * s;
        const y = (im[j] as number) * c + (re[j] as number) * s;
        re[j] = (re[i] as number) - x;
        im[j] = (im[i] as number) - y;
        re[i] = (re[i] as number) + x;
        im[i] = (im[i] as number) + y;
      }
  }
};
