/** Architectures and how they are trained: layers, shortcuts and options that are not where the papers have them. */
import { type Edit, edits, type Mutation, OWN } from './mutation.ts';

const MODELS = `${OWN}/models`;

const model = (file: string, test: string, list: readonly Edit[]) =>
  edits(`${MODELS}/architectures/${file}.ts`, [`${MODELS}/architectures/${test}.test.ts`], list);

const engine = (file: string, list: readonly Edit[]) =>
  edits(
    `packages/onnx-grad/src/${file}.ts`,
    ['packages/onnx-grad/test/gradients/convolution-forms.test.ts'],
    list,
  );

export const networks: readonly Mutation[] = [
  ...model('resnet18', 'torchvision', [
    [
      'architectures: ResNet-18’s ReLU before the sum',
      'ops.Relu(ops.Add(second, shortcut))',
      'ops.Add(ops.Relu(second), shortcut)',
    ],
    [
      'architectures: ResNet-18’s first pooling without padding',
      '{ size: 3, stride: 2, padding: 1 }',
      '{ size: 3, stride: 2 }',
    ],
    ['architectures: ResNet-18’s last stage at full size', 'i === 0 ? 1 : 2', 'i === 0 || i === 3 ? 1 : 2'],
    [
      'architectures: ResNet-18 begins narrower',
      "init.kaimingNormal({ fan: 'out' })",
      'init.kaimingNormal()',
    ],
    [
      'architectures: ResNet-18 normalises over the batch always',
      "norm === 'group' ? replaceBatchNorm(graph) : graph",
      'graph',
    ],
    [
      'architectures: ResNet-18 never drops',
      'ops.GlobalAveragePool(features)), { rate })',
      'ops.GlobalAveragePool(features)), { rate: 0 })',
    ],
  ]),
  ...model('alexnet', 'torchvision', [
    ['architectures: AlexNet’s 5×5 kernels padded by 1', 'padding: kernel >> 1', 'padding: 1'],
    [
      'architectures: AlexNet pools a layer too early',
      'const POOLED = [0, 3, 10];',
      'const POOLED = [0, 3, 8];',
    ],
    ['architectures: AlexNet drops half always', 'nn.dropout(x, { rate })', 'nn.dropout(x)'],
  ]),
  ...model('vgg19', 'torchvision', [
    [
      'architectures: VGG-19 normalises after ReLU',
      "ops.Relu(norm === 'none' ? sums : nn.batchNorm(sums, { name, seed }))",
      "norm === 'none' ? ops.Relu(sums) : nn.batchNorm(ops.Relu(sums), { name, seed })",
    ],
    [
      'architectures: VGG-19 drops half always',
      'ops.Relu(dense(rows, name, 4096, seed)), { rate })',
      'ops.Relu(dense(rows, name, 4096, seed)))',
    ],
  ]),
  ...model('wide-resnet', 'wide-resnet', [
    [
      'architectures: WRN’s ReLU before its normalisation',
      'ops.Relu(nn.batchNorm(x, { name: layer, seed }))',
      'nn.batchNorm(ops.Relu(x), { name: layer, seed })',
    ],
    [
      'architectures: WRN’s shortcuts see what is not normalised',
      'same ? x : convolve(active,',
      'same ? x : convolve(x,',
    ],
    [
      'architectures: WRN’s blocks without their shortcuts',
      'return ops.Add(second, shortcut);',
      'return second;',
    ],
    ['architectures: WRN drops half always', 'nn.dropout(first, { rate: dropout })', 'nn.dropout(first)'],
    [
      'architectures: WRN normalises over the batch always',
      "norm === 'group' ? replaceBatchNorm(graph) : graph",
      'graph',
    ],
  ]),
  ...model('xception', 'xception', [
    ['architectures: Xception’s middle flow of seven blocks', 'blocks: 8,', 'blocks: 7,'],
    [
      'architectures: Xception’s middle flow without its input',
      'features = ops.Add(features, inner);',
      'features = inner;',
    ],
    ['architectures: Xception pads an even side on both ends', 'map((size) => size % 2)', 'map(() => 1)'],
    ['architectures: Xception with PyTorch’s epsilon', 'const EPSILON = 1e-3;', 'const EPSILON = 1e-5;'],
    [
      'architectures: Xception drops half always',
      'nn.dropout(means, { rate: dropout })',
      'nn.dropout(means)',
    ],
  ]),
  ...model('shokri-cnn', 'papers', [
    ['architectures: Shokri’s kernels with ReLU', 'ops.Tanh(sums)', 'ops.Relu(sums)'],
    ['architectures: Shokri’s kernels unpadded', "padding: 'same'", 'padding: 0'],
  ]),
  ...model('ml-leaks-cnn', 'papers', [
    ['architectures: ML-Leaks’s second kernels padded', "'conv2', 0)", "'conv2', 'same')"],
  ]),
  ...engine('graph/live-taps', [
    ['convolutions: an output too early for its tap', 'Math.ceil(-at / stride)', 'Math.floor(-at / stride)'],
    [
      'convolutions: live taps one row off',
      'starts: first, ends, axes: first.map',
      'starts: first.map(() => 0), ends, axes: first.map',
    ],
    ['convolutions: live taps with the padding of the whole kernel', 'pad - cut *', 'pad + 0 * cut *'],
  ]),
  ...engine('autodiff/rules/conv-input', [
    ['convolutions: the kernel is not turned', '(_, i) => taps - 1 - i', '(_, i) => i'],
    ['convolutions: phases shifted by a place', 'at: from - shift };', 'at: 0 };'],
    [
      'convolutions: taps counted in columns',
      'row.tap * (kernel[1] as number)',
      'row.tap * (kernel[0] as number)',
    ],
  ]),
  ...engine('autodiff/rules/conv-weight', [
    [
      'convolutions: live taps see the places of the first output',
      'output * (strides[axis] as number) +',
      'output +',
    ],
  ]),
  ...edits(
    'packages/onnx-grad/src/nn/layers.ts',
    ['packages/onnx-grad/src/nn/layers.test.ts'],
    [
      [
        'architectures: adaptive windows without their last row',
        'Math.ceil(((o + 1) * input) / output)',
        'Math.floor(((o + 1) * input) / output)',
      ],
    ],
  ),
  ...edits(
    `${MODELS}/model-name.ts`,
    [`${MODELS}/model-name.test.ts`],
    [
      [
        'architectures: what a name says is not built',
        'own.build({ ...given, ...options })',
        'own.build(given)',
      ],
    ],
  ),
  ...edits(
    `${OWN}/config/training.ts`,
    [`${OWN}/config/config-text.test.ts`],
    [
      [
        'recipes: what a study says of training is not done',
        '{ ...defaults, ...said }',
        '{ ...said, ...defaults }',
      ],
      ['recipes: Adam with the momentum of SGD', '{ optimizer, momentum: 0 }', '{ optimizer }'],
    ],
  ),
  ...edits(
    `${MODELS}/recipe.ts`,
    [`${MODELS}/recipe.test.ts`],
    [
      ['recipes: SGD for Adam', "optimizer === 'adam' ?", "optimizer !== 'adam' ?"],
      ['recipes: Adam without weight decay', 'adam({ learningRate, weightDecay })', 'adam({ learningRate })'],
      [
        'recipes: the decay from the first step on',
        '(step - 1) * learningRateDecay',
        'step * learningRateDecay',
      ],
      [
        'recipes: the decay without the milestones',
        'scalarsAt(step, rate / (1',
        'scalarsAt(step, learningRate / (1',
      ],
    ],
  ),
];
