/** Data sets of the catalogue, models by name, and splits: files that are missing, other or broken, and names that are not. */

import { gzipSync } from 'node:zlib';
import type { BadCase, Planted } from './bad-case.ts';

const UNREADABLE = 'MLD_DATA_UNREADABLE';
const INVALID = 'MLD_DATA_INVALID';

const planOf = (data: string, model = 'mlp', further = ''): string =>
  `data: ${data}\ntarget: { train: { model: ${model} } }\nattacks: [ membership/loss-threshold ]\n${further}`;

/** A plan on a data set of the folder `d`. */
const data = (
  title: string,
  code: string,
  name: string,
  files: () => Readonly<Record<string, Planted>>,
  says?: RegExp,
): BadCase => ({
  ...{ title, code, args: ['plan', 'audit.yaml', '--data-dir', 'd'] },
  files: () => ({
    'audit.yaml': planOf(name),
    'd/README': '',
    ...Object.fromEntries(Object.entries(files()).map(([path, planted]) => [`d/${path}`, planted])),
  }),
  ...(says && { says }),
});

const config = (title: string, code: string, text: string, says: RegExp): BadCase => ({
  ...{ title, code, says, args: ['plan', 'audit.yaml'] },
  files: () => ({ 'audit.yaml': text }),
});

const typed = (title: string, code: string, args: readonly string[], says: RegExp): BadCase => ({
  ...{ title, code, says, args },
  files: () => ({ 'd/README': '' }),
});

/** A tar archive of one member; its size is as claimed. */
const tar = (name: string, content: Uint8Array, claimed = content.length): Buffer => {
  const header = Buffer.alloc(512);
  header.write(name, 0, 'latin1');
  header.write('0000644\0', 100, 'latin1');
  header.write(`${claimed.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  header.write('0'.repeat(11), 136, 'latin1');
  header.fill(' ', 148, 156);
  header.write('0', 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return Buffer.concat([
    header,
    content,
    Buffer.alloc((512 - (content.length % 512)) % 512),
    Buffer.alloc(1024),
  ]);
};

const idx = (...shape: readonly number[]): Buffer => {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt32BE(0x0800 + shape.length, 0);
  shape.forEach((size, i) => {
    header.writeUInt32BE(size, 4 + 4 * i);
  });
  return gzipSync(Buffer.concat([header, Buffer.alloc(shape.reduce((a, b) => a * b, 1))]));
};

const attributes = (rows: readonly string[], names = NAMES, count = 202_599): string =>
  [count, names, ...rows, ''].join('\n');
const NAMES =
  '5_o_Clock_Shadow Arched_Eyebrows Attractive Bags_Under_Eyes Bald Bangs Big_Lips Big_Nose Black_Hair Blond_Hair Blurry Brown_Hair Bushy_Eyebrows Chubby Double_Chin Eyeglasses Goatee Gray_Hair Heavy_Makeup High_Cheekbones Male Mouth_Slightly_Open Mustache Narrow_Eyes No_Beard Oval_Face Pale_Skin Pointy_Nose Receding_Hairline Rosy_Cheeks Sideburns Smiling Straight_Hair Wavy_Hair Wearing_Earrings Wearing_Hat Wearing_Lipstick Wearing_Necklace Wearing_Necktie Young ';

export const DATASET_CASES: readonly BadCase[] = [
  data(
    'no files of a data set',
    UNREADABLE,
    'cifar10',
    () => ({}),
    /cifar-10-binary\.tar\.gz.*cs\.toronto\.edu/s,
  ),
  data(
    'one of four files of a data set',
    UNREADABLE,
    'mnist',
    () => ({ 'mnist/train-labels-idx1-ubyte.gz': idx(60_000) }),
    /train-images-idx3-ubyte\.gz.*data fetch mnist/s,
  ),
  data(
    'a data set whose terms come first',
    UNREADABLE,
    'celeba',
    () => ({ 'celeba/list_attr_celeba.txt': attributes([]) }),
    /img_align_celeba/,
  ),
  {
    ...data('a file for a folder of data sets', UNREADABLE, 'mnist', () => ({})),
    args: ['plan', 'audit.yaml', '--data-dir', 'd/README'],
    says: /is no folder/,
  },
  {
    ...data('a data folder that is not there', UNREADABLE, 'mnist', () => ({})),
    args: ['plan', 'audit.yaml', '--data-dir', 'elsewhere'],
    says: /does not exist/,
  },
  data(
    'pictures and labels exchanged',
    'MLD_DATA_CHECKSUM',
    'mnist',
    () => ({
      'mnist/train-images-idx3-ubyte.gz': idx(60_000),
      'mnist/train-labels-idx1-ubyte.gz': idx(60_000),
      'mnist/t10k-images-idx3-ubyte.gz': idx(10_000),
      'mnist/t10k-labels-idx1-ubyte.gz': idx(10_000),
    }),
    /train-images-idx3-ubyte\.gz: sha256/,
  ),
  data(
    'other pictures of the right shape',
    'MLD_DATA_CHECKSUM',
    'fashion-mnist-10k',
    () => ({ 'fashion-mnist/t10k-labels-idx1-ubyte.gz': idx(10_000) }),
    /t10k-labels-idx1-ubyte\.gz: sha256/,
  ),
  data('a web page in place of an archive', 'MLD_DATA_MAGIC', 'location', () => ({
    'location/dataset_location.tgz': `<!doctype html><title>404</title>${' '.repeat(600)}`,
  })),
  data('an archive cut short', 'MLD_DATA_TRUNCATED', 'location', () => ({
    'location/dataset_location.tgz': gzipSync(tar('bangkok', Buffer.from('"1",0'))).subarray(0, 60),
  })),
  data('a member that claims 8 GiB', INVALID, 'purchase-100', () => ({
    'purchase/dataset_purchase.tgz': gzipSync(
      tar('dataset_purchase', Buffer.from(`1${',0'.repeat(600)}\n`), 2 ** 33 - 1),
    ),
  })),
  data(
    'an archive without the member wanted',
    INVALID,
    'purchase-2',
    () => ({ 'purchase/dataset_purchase.tgz': gzipSync(tar('../../etc/passwd', Buffer.from('x'))) }),
    /dataset_purchase/,
  ),
  data(
    'records of a few bits too many',
    INVALID,
    'purchase-100',
    () => ({
      'purchase/dataset_purchase.tgz': gzipSync(
        tar('dataset_purchase', Buffer.from(`1${',1'.repeat(601)}\n`)),
      ),
    }),
    /600/,
  ),
  data(
    'attributes without the names of CelebA',
    INVALID,
    'celeba',
    () => ({
      'celeba/list_attr_celeba.txt': attributes([], 'Male Young'),
      'celeba/img_align_celeba/000001.jpg': 'x',
    }),
    /list_attr_celeba\.txt/,
  ),
  data(
    'one picture of 202,599',
    INVALID,
    'celeba',
    () => ({
      'celeba/list_attr_celeba.txt': attributes([`000001.jpg${' -1'.repeat(40)}`]),
      'celeba/img_align_celeba/000001.jpg': 'x',
    }),
    /202,?599/,
  ),
  data('a zip archive cut short', 'MLD_DATA_TRUNCATED', 'celeba', () => ({
    'celeba/list_attr_celeba.txt': attributes([]),
    'celeba/img_align_celeba.zip': Buffer.from('504b0304', 'hex'),
  })),
  data('a folder where an archive should be', UNREADABLE, 'stl10', () => ({
    'stl10/stl10_binary.tar.gz': { special: 'folder' },
  })),
  data(
    'a table with another header',
    INVALID,
    'compas',
    () => ({ 'compas/compas-scores-two-years.csv': 'id,name\n1,x\n' }),
    /compas-scores-two-years\.csv/,
  ),
  data('a table that is no UTF-8', INVALID, 'compas', () => ({
    'compas/compas-scores-two-years.csv': Buffer.from('id,n\xe4me\n1,\xff\n', 'latin1'),
  })),
  typed(
    'a data set of an old name',
    'MLD_DATA_UNKNOWN',
    ['data', 'fetch', 'location30', '--data-dir', 'd'],
    /Did you mean 'location'/,
  ),
  typed(
    'a download without agreement',
    'MLD_CONFIRM',
    ['data', 'fetch', 'mnist', '--data-dir', 'd'],
    /--yes/,
  ),
  typed(
    'a download that nobody offers',
    'MLD_DATA_FETCH',
    ['data', 'fetch', 'celeba', '--data-dir', 'd'],
    /img_align_celeba/,
  ),
  typed(
    'a download from no address',
    'MLD_USAGE',
    ['data', 'fetch', 'mnist', '--data-dir', 'd', '--from', 'nonsense', '--yes'],
    /nonsense/,
  ),
  config('pixels of rows', 'MLD_CONFIG', planOf('{ catalog: adult, pixels: 32 }'), /audit\.yaml:1:/),
  config('7 pixels a side', 'MLD_CONFIG', planOf('{ catalog: utkface, pixels: 7 }'), /8/),
  config('a split of another name', 'MLD_CONFIG', planOf('{ catalog: adult, split: shokri }'), /shokri-2017/),
  config(
    'a split that the paper has not',
    'MLD_SPLIT',
    planOf('{ catalog: german-credit, split: shokri-2017 }'),
    /adult/,
  ),
  config(
    'more records than a role of the split has',
    'MLD_SPLIT',
    planOf('{ catalog: adult, split: shokri-2017, recordsPerRole: 10001 }'),
    /10000/,
  ),
  config('a norm of a model without any', 'MLD_CONFIG', planOf('adult', 'mlp, norm: group'), /norm/),
  config(
    'dropout of everything',
    'MLD_CONFIG',
    planOf('fashion-mnist-10k', 'resnet18-cifar, dropout: 1'),
    /dropout/,
  ),
  config(
    'momentum beside adam',
    'MLD_CONFIG',
    planOf('adult', 'mlp, optimizer: adam, momentum: 0.9'),
    /momentum/,
  ),
  config('AlexNet for 28 pixels', 'MLD_CONFIG', planOf('fashion-mnist-10k', 'alexnet'), /alexnet-small/),
  config('VGG19 for 28 pixels', 'MLD_CONFIG', planOf('fashion-mnist-10k', 'vgg19'), /vgg19-small/),
  config(
    'a network of pictures for rows',
    'MLD_CONFIG',
    planOf('{ catalog: adult, overlap: allow }', 'xception'),
    /pictures|images/,
  ),
];
