/** What `ml-doctor init --own` writes: an audit of one's own ONNX file, the other targets and all options in comments. */

import { attacks } from '../attacks/registry.ts';
import { asText, defenseLines, indented, named, namedLines, UNKNOWN_DEFENSE } from './init-template.ts';

/** `audit.yaml` for a model that somebody has. */
export function ownTemplate(): string {
  return asText([
    ...HEAD,
    ...UNKNOWN_DEFENSE,
    ...defenseLines(),
    '',
    '# Attacks; left out, all that suit the model and the records and take minutes. To choose them yourself:',
    '# attacks:',
    ...indented(2, namedLines(named(attacks), [])).map((line) => `#${line.replace(/^(\s*)#-/, '$1-')}`),
    '',
    `${'#seed: 1'.padEnd(40)}# of every random choice; default: 0`,
    '',
    '# Looks into what the most exposed records have in common; takes up to some minutes more. Default: false',
    '#explain: true',
  ]);
}

const HEAD = `# An audit of your own model: what does it give away about the records that it was trained on?
# Name your model and your records below, then: ml-doctor plan audit.yaml; ml-doctor audit audit.yaml
#
# A line that begins with # and no space after it is an option: remove the # to set it.
# Paths start from the folder of this file.
# For help while typing, point your editor to the JSON Schema in the package:
# node_modules/ml-doctor/schema/config-1.schema.json

#name: My model

# Records: a .npz, .csv or .parquet file, an IDX or CIFAR file, a folder of pictures with a subfolder for each class,
# or a data set by name and range, as fashion-mnist:train[0:5000].
data:
  members: train.npz                    # records that the model was trained on
  nonMembers: test.npz                  # never seen by the model; of the same source and time as the members
  #auxiliary: public.npz                # the attacker's own, neither of both: attacks with shadow models need it
  #label: label                         # column or array of the labels; default: label, y, target or class
  #attributes: [sex]                    # columns that are no inputs
  #slices: [sex]                        # attributes whose categories are reported apart
  #classes: [cat, dog]                  # names in the order of the model's outputs
  #layout: nchw                         # or nhwc: where the channels of pictures in arrays are
  #sample: 10000                        # at most so many records of each side, drawn at random
  #overlap: allow                       # inputs among members and non-members at once; default: refuse

target:
  onnx: model.onnx

  # How raw values become what the model expects: (value × scale − mean) / std.
  #scale: 1/255
  #mean: [0.485, 0.456, 0.406]          # one number, or one for each channel
  #std: [0.229, 0.224, 0.225]
  #layout: nchw                         # of the model's input, or nhwc, flat; default: found in the file
  #output: logits                       # or probabilities, log-probabilities; default: found out
  #outputName: probabilities            # where a file has several outputs
  #checkScaling: false                  # do not try other scalings first
  #expectAccuracy: 0.9                  # on non-members; or { members: 0.99, nonMembers: 0.9 }: stops if it differs

  # Models that attackers train of their own: clone (the audited architecture with fresh weights) or one of
  # \`ml-doctor list models\`, and how they are trained.
  #shadows: { model: clone, epochs: 60, batchSize: 64, learningRate: 0.01, momentum: 0.9, weightDecay: 0.0005 }

  # How far an attacker reaches: black-box or white-box; posteriors, label or loss. Default: all that the target shows.
  #offers: { access: black-box, output: posteriors }

# In the place of onnx, saved outputs (CSV, NPZ, Parquet with p0, p1, …, label, member), without data:
# target: { outputs: outputs.csv }

# Or a model that answers over HTTP; scale, mean, std, shadows and offers as above. It is asked only when you confirm.
# target:
#   endpoint: https://example.org/v2/models/m/infer
#   protocol: kserve                    # \`ml-doctor list protocols\`; default: json
#   method: POST                        # POST, PUT or GET
#   headers: { Authorization: 'Bearer \${TOKEN}' }   # from environment variables, written to no file
#   request: { instances: '{{inputs}}' }
#   response: predictions[*].scores     # where the answers are
#   answers: probabilities              # or logits, log-probabilities, label
#   batch: 32                           # records in one request
#   concurrency: 2                      # requests at once
#   rate: 10                            # requests a second at most
#   timeoutSeconds: 30
#   retries: 5
#   budget: 100000                      # records that may be sent in all; a hard stop
#   version: '2'                        # names the model behind the address
#   offline: true                       # ask nothing: answer from what earlier runs kept
#   confirm: true                       # you may audit this endpoint, and agree to its cost

# Or beside endpoint a service that trains the attackers' models as it trained yours: docs/training-services.md
#   service: { kind: json, url: https://train.example.org, trainings: 4 }

# A defence of the answers, one of these; none when left out.`.split('\n');
