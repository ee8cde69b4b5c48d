/** What ML-Doctor calls its data sets, architectures and modes of attack (Liu et al., USENIX Security 2022). */

export const PAPER_DATA = ['CelebA', 'FMNIST', 'STL10', 'UTKFace'] as const;
export type PaperData = (typeof PAPER_DATA)[number];

export const PAPER_MODELS = ['AlexNet', 'ResNet18', 'VGG19', 'Xception', 'SimpleCNN'] as const;
export type PaperModel = (typeof PAPER_MODELS)[number];

/** In the order of Tables 3 and 4. */
export const PAPER_MODES = [
  'MemInf <B,S>',
  'MemInf <B,P>',
  'MemInf <W,P>',
  'MemInf <W,S>',
  'ModInv <W,S>',
  'ModInv <W,N>',
  'AttrInf <W,S>',
  'AttrInf <W,P>',
  'ModSteal <B,S>',
  'ModSteal <B,P>',
] as const;
export type PaperMode = (typeof PAPER_MODES)[number];

/** By the complexity of the data as the paper orders them, simplest first (Fig. 6). */
export const BY_COMPLEXITY: readonly PaperData[] = ['FMNIST', 'UTKFace', 'CelebA', 'STL10'];

/** Records of a quarter of each data set: members, non-members, shadow members and shadow non-members. */
export const QUARTER: Readonly<Record<PaperData, number>> = {
  CelebA: 50_649,
  FMNIST: 17_500,
  STL10: 3250,
  UTKFace: 5503,
};

/** Epochs of a target, of batches of 64; both are borne out by the published epsilons. */
export const EPOCHS = 300;
export const BATCH_SIZE = 64;
