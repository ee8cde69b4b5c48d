/** One pass over the nodes: what each does with the tensors stored in the model. */
import { type Dim, showShape } from '../../graph/dim.ts';
import type { Graph } from '../../graph/graph.ts';
import { elementCount, type Tensor } from '../../graph/tensor.ts';
import type { Node, Value } from '../../graph/value.ts';
import type { ParameterKind } from '../parameters.ts';
import { mayBeLearned } from './lone-numbers.ts';
import { activations, ingredients, isFill, type Stored, storedBehind } from './stored.ts';

export interface ParameterUse {
  readonly stored: Stored;
  readonly kind: ParameterKind;
  readonly node: Node;
  /** Which input of the node. */
  readonly index: number;
  readonly fanIn: number;
  readonly fanOut: number;
}

/** A node with a weight, while its bias may still follow. */
interface Layer {
  readonly fanIn: number;
  readonly fanOut: number;
  readonly units: Dim | undefined;
  hasBias: boolean;
}

/** An attention mask adds numbers like −10⁴ or −∞; learned ones are nowhere near. */
const maskLimit = 1e4;

/** What may stand between a layer and the Add that is its bias. */
const rearranging = new Set(['Identity', 'Transpose', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten']);

const product = (dims: readonly Dim[]): number => elementCount(dims.map(Number));

export class Finder {
  readonly uses: ParameterUse[] = [];
  readonly hidden: { node: Node; reason: string }[] = [];
  /** Nodes with numbers of their own that prepare the input (Scaler). */
  readonly kept: string[] = [];
  readonly #activations: ReadonlySet<Value>;
  readonly #layers = new Map<Node, Layer>();
  /** Values behind at least one layer. */
  readonly #behind = new Set<Value>();
  readonly #stored = new Map<string, Tensor>();

  constructor(graph: Graph, nodes: readonly Node[]) {
    this.#activations = activations(graph, nodes);
    for (const node of nodes) {
      const isActivation = node.inputs.some((input) => input && this.#activations.has(input));
      const isBehind = node.inputs.some((input) => input && this.#behind.has(input));
      if (isActivation) {
        this.#note(node, isBehind);
        this.#visit(node);
      }
      if (this.#layers.has(node) || isBehind) for (const output of node.outputs) this.#behind.add(output);
    }
  }

  /**
   * Stored floats that what depends on the input is computed with: every tensor of more than one, and single numbers
   * behind a layer that may have been learned.
   */
  get storedFloats(): ReadonlyMap<string, Tensor> {
    return this.#stored;
  }

  #note(node: Node, isBehind: boolean): void {
    for (const input of node.inputs) {
      if (!input || this.#isActivation(input)) continue;
      for (const ingredient of ingredients(input, node))
        if (elementCount(ingredient.tensor.dims) > 1 || (isBehind && mayBeLearned(ingredient)))
          this.#stored.set(ingredient.name, ingredient.tensor);
    }
  }

  #visit(node: Node): void {
    if (node.opaque) this.#opaque(node);
    else this.#visits[node.op]?.(node);
  }

  /** The operators that parameters go into. */
  readonly #visits: Readonly<Record<string, (node: Node) => void>> = {
    Gemm: (node) => this.#gemm(node),
    MatMul: (node) => this.#matmul(node),
    Conv: (node) => this.#conv(node),
    ConvTranspose: (node) => this.#conv(node),
    BatchNormalization: (node) =>
      this.#normalization(node, ['scale', 'shift', 'running-mean', 'running-variance']),
    LayerNormalization: (node) => this.#normalization(node, ['scale', 'shift']),
    InstanceNormalization: (node) => this.#instanceNormalization(node),
    PRelu: (node) => this.#use(node, 1, 'slope'),
    Gather: (node) => this.#embedding(node),
    Add: (node) => this.#elementwise(node),
    Sub: (node) => this.#elementwise(node),
    Mul: (node) => this.#elementwise(node),
    Div: (node) => this.#elementwise(node),
    Concat: (node) => this.#concat(node),
  };

  #isActivation(value: Value | null | undefined): boolean {
    return !!value && this.#activations.has(value);
  }

  #use(node: Node, index: number, kind: ParameterKind, layer?: Layer): void {
    const value = node.inputs[index];
    if (!value || this.#isActivation(value)) return;
    const stored = storedBehind(value);
    if (stored)
      this.uses.push({ stored, kind, node, index, fanIn: layer?.fanIn ?? 1, fanOut: layer?.fanOut ?? 1 });
    else this.hidden.push({ node, reason: `'${value.name}' is computed from other stored numbers` });
  }

  #layer(node: Node, index: number, fanIn: number, fanOut: number, units: Dim | undefined): void {
    const layer = { fanIn, fanOut, units, hasBias: !!node.inputs[2] };
    this.#layers.set(node, layer);
    this.#use(node, index, 'weight', layer);
    if (node.inputs[2]) this.#use(node, 2, 'bias', layer);
  }

  #gemm(node: Node): void {
    const weightIndex = this.#isActivation(node.inputs[1]) ? 0 : 1;
    if (this.#isActivation(node.inputs[weightIndex])) return;
    const shape = node.inputs[weightIndex]?.shape;
    if (!shape) {
      this.#shapeless(node);
      return;
    }
    const turned = node.attributes[weightIndex === 1 ? 'transB' : 'transA'] === 1;
    // Rows of the right factor are summed over, and columns of the left one.
    const [fanIn, fanOut] = turned === (weightIndex === 1) ? [shape[1], shape[0]] : [shape[0], shape[1]];
    this.#layer(node, weightIndex, Number(fanIn), Number(fanOut), fanOut);
  }

  #matmul(node: Node): void {
    const weightIndex = this.#isActivation(node.inputs[1]) ? 0 : 1;
    if (this.#isActivation(node.inputs[weightIndex])) return;
    const shape = node.inputs[weightIndex]?.shape;
    if (!shape) {
      this.#shapeless(node);
      return;
    }
    const [rows, columns] = shape.length === 1 ? [shape[0], 1] : [shape.at(-2), shape.at(-1)];
    const [fanIn, fanOut] = weightIndex === 1 || shape.length === 1 ? [rows, columns] : [columns, rows];
    this.#layer(node, weightIndex, Number(fanIn), Number(fanOut), fanOut);
  }

  /** Fans as PyTorch counts them: by the weight's second and first axis, for the transposed convolution too. */
  #conv(node: Node): void {
    const shape = node.inputs[1]?.shape;
    if (this.#isActivation(node.inputs[1])) return;
    if (!shape) {
      this.#shapeless(node);
      return;
    }
    const field = product(shape.slice(2));
    this.#layer(node, 1, Number(shape[1]) * field, Number(shape[0]) * field, node.outputs[0]?.shape?.[1]);
  }

  #shapeless(node: Node): void {
    this.hidden.push({ node, reason: 'the shape of its weight is not known' });
  }

  #normalization(node: Node, kinds: readonly ParameterKind[]): void {
    this.#layers.set(node, { fanIn: 1, fanOut: 1, units: undefined, hasBias: true });
    kinds.forEach((kind, i) => {
      this.#use(node, i + 1, kind);
    });
  }

  /** Group normalisation is written with ones and zeros here, and learned numbers behind it. */
  #instanceNormalization(node: Node): void {
    if (!this.#holdsFill(node, 1, 1) || !this.#holdsFill(node, 2, 0))
      this.#normalization(node, ['scale', 'shift']);
  }

  #holdsFill(node: Node, index: number, number: number): boolean {
    const stored = storedBehind(node.inputs[index]);
    return !!stored && isFill(stored.tensor, number);
  }

  #embedding(node: Node): void {
    const table = node.inputs[0];
    if (!table || this.#isActivation(table) || (table.shape?.length ?? 0) < 2) return;
    if (!storedBehind(table)) return;
    this.#layers.set(node, { fanIn: 1, fanOut: 1, units: undefined, hasBias: true });
    this.#use(node, 0, 'embedding');
  }

  /** A stored operand of arithmetic behind a layer. What happens to the input before any layer is normalisation. */
  #elementwise(node: Node): void {
    const index = node.inputs.findIndex((input) => !this.#isActivation(input));
    const other = node.inputs[1 - index];
    if (index < 0 || !other || !this.#behind.has(other)) return;
    const value = node.inputs[index] as Value;
    const stored = storedBehind(value);
    if (!stored || !value.shape) return;
    const wide = value.shape.filter((dim) => dim !== 1).length;
    const adds = node.op === 'Add' || node.op === 'Sub';
    const layer = adds ? this.#layerBefore(other) : undefined;
    if (wide === 0) {
      // A single number stays (and is reported), unless it is the bias of a layer with one output.
      if (layer?.units === 1 && value.shape.length > 0) this.#bias(node, index, layer);
      return;
    }
    if (wide > 1) {
      if (adds && isLearned(stored.tensor)) this.#use(node, index, 'position');
      return;
    }
    if (layer) this.#bias(node, index, layer);
    else if (!adds) this.#use(node, index, 'scale');
    else if (isLearned(stored.tensor)) this.#use(node, index, 'shift');
  }

  #bias(node: Node, index: number, layer: Layer): void {
    layer.hasBias = true;
    this.#use(node, index, 'bias', layer);
  }

  /** The layer whose output this is, if it has no bias yet. */
  #layerBefore(value: Value): Layer | undefined {
    let node = value.node;
    while (node && !node.opaque && rearranging.has(node.op)) node = node.inputs[0]?.node;
    const layer = node && this.#layers.get(node);
    return layer && !layer.hasBias ? layer : undefined;
  }

  #concat(node: Node): void {
    if (!node.inputs.some((input) => input && this.#behind.has(input))) return;
    node.inputs.forEach((input, i) => {
      const stored = this.#isActivation(input) ? undefined : storedBehind(input);
      // Equal numbers are padding.
      if (stored && !isFill(stored.tensor) && isLearned(stored.tensor)) this.#use(node, i, 'position');
    });
  }

  #opaque(node: Node): void {
    const learned = node.inputs.find((input) => {
      const stored = storedBehind(input);
      return stored && elementCount(stored.tensor.dims) > 1;
    });
    if (learned)
      this.hidden.push({
        node,
        reason: `what the operator does with '${learned.name}' ${showShape(learned.shape)} is not known`,
      });
    else if (/^(Linear|SVM|TreeEnsemble)/.test(node.op))
      this.hidden.push({ node, reason: 'its learned numbers are attributes, which cannot be trained' });
    else if (node.opaque?.some(({ floats }) => floats.length > 0))
      this.kept.push(`${node.op} '${node.name}'`);
  }
}

const isLearned = ({ data }: Tensor): boolean =>
  Array.prototype.every.call(data, (element: number) => Math.abs(element) < maskLimit);
