/** The orders at which Rényi accountants look for their bound. */

/** 1.1 to 10.9 by .1, and 12 to 63: those that ML-Doctor's figures were made with (Opacus). */
export const CLASSIC_ORDERS: readonly number[] = [
  ...Array.from({ length: 99 }, (_, i) => (i + 11) / 10),
  ...Array.from({ length: 52 }, (_, i) => i + 12),
];

/** Near 1 for epsilons in the hundreds, in the thousands for those in the hundredths. */
export const ORDERS: readonly number[] = [
  ...[1.0005, 1.001, 1.002, 1.003, 1.005, 1.007, 1.01, 1.015, 1.02, 1.03, 1.04, 1.05, 1.06, 1.08],
  ...CLASSIC_ORDERS,
  ...[11, 64, 72, 80, 88, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 640, 768, 896, 1024],
  ...[1280, 1536, 1792, 2048, 2560, 3072, 4096, 5120, 6144, 8192, 12288, 16384],
];
