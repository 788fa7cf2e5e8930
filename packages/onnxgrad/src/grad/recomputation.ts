import { Buffer, Constant, cloneNode, type Node, Parameter, type Stretch, type Tensor } from '../graph/tensor.ts';
import { nodesBehind } from '../graph/walk.ts';
import { after } from '../ops/barrier.ts';

/**
 * What the reverse pass sees of stretches marked by `rematerialise`: not the values of the forward pass, which are let
 * go, but the same computed once more, from what the stretch read and no sooner than its gradient arrives. A stretch
 * within a stretch belongs to the outer one.
 */
export class Recomputation {
  /** Values made in a stretch and read outside of it: those are there anyhow. */
  readonly #kept = new Set<Tensor>();
  #stretch: Stretch | null = null;
  #trigger: Tensor | null = null;
  #again = new Map<Node, Node>();
  #held = new Map<Tensor, Tensor>();
  /** Gradients of weights that this stretch gave, and the values outside whose gradients it gave. */
  #weightGradients: Tensor[] = [];
  #border = new Set<Tensor>();

  constructor(forward: readonly Node[], loss: Tensor) {
    this.#kept.add(loss);
    for (const node of forward) {
      for (const tensor of node.inputs) if (outermost(tensor.node) !== outermost(node)) this.#kept.add(tensor);
    }
  }

  /**
   * Told of each node of the reverse pass in turn. At the end of a stretch, nothing goes on before its weights have
   * their gradients: else the engine may put those off to the very end, and hold everything they need until then.
   */
  enter(node: Node, gradients: Map<Tensor, Tensor>): void {
    const stretch = outermost(node);
    if (isLeaf(node) || stretch === this.#stretch) return;
    for (const tensor of this.#border) {
      const gradient = gradients.get(tensor);
      if (gradient) gradients.set(tensor, after(gradient, this.#weightGradients));
    }
    this.#stretch = stretch;
    this.#trigger = null;
    this.#again = new Map();
    this.#held = new Map();
    this.#weightGradients = [];
    this.#border = new Set();
  }

  /** The node as its gradient rule shall see it. */
  seen(node: Node, dy: Tensor): Node {
    if (!this.#stretch) return node;
    this.#trigger ??= dy;
    const again = this.#computed(node);
    const outputs = node.outputs.map((tensor, i) => (this.#kept.has(tensor) ? this.#value(tensor) : again.outputs[i]));
    return { ...again, outputs };
  }

  /** Told of each gradient that flows out of the current node. */
  gave(node: Node, to: Tensor, gradient: Tensor): void {
    if (!this.#stretch || outermost(node) !== this.#stretch) return;
    if (to instanceof Parameter) this.#weightGradients.push(gradient);
    else if (outermost(to.node) !== this.#stretch) this.#border.add(to);
  }

  /** The node once more, after those of the stretch that it needs. */
  #computed(node: Node): Node {
    const isThere = (behind: Node) => this.#again.has(behind);
    const repeated = ({ inputs }: Node) => inputs.filter((tensor) => this.#isRepeated(tensor));
    for (const behind of nodesBehind(node.outputs, isThere, repeated)) {
      const inputs = behind.inputs.map((tensor) => this.#value(tensor));
      this.#again.set(behind, cloneNode(behind, inputs));
    }
    return this.#again.get(node) as Node;
  }

  #isRepeated(tensor: Tensor): boolean {
    return outermost(tensor.node) === this.#stretch && !this.#kept.has(tensor);
  }

  #value(tensor: Tensor): Tensor {
    if (tensor instanceof Parameter || tensor instanceof Buffer || tensor instanceof Constant) return tensor;
    if (this.#isRepeated(tensor)) return (this.#again.get(tensor.node) as Node).outputs[tensor.index];
    let held = this.#held.get(tensor);
    if (!held) this.#held.set(tensor, (held = after(tensor, [this.#trigger as Tensor])));
    return held;
  }
}

// ---- below: internals ----

function outermost({ stretch }: Node): Stretch | null {
  let found = stretch;
  while (found?.outer) found = found.outer;
  return found;
}

const isLeaf = ({ inputs }: Node): boolean => inputs.length === 0;
