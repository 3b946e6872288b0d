/** A node of the red-black tree inside {@link JavaTreeSet}. */
interface TreeSetNode<T> {
  readonly item: T;
  red: boolean;
  left: TreeSetNode<T> | undefined;
  right: TreeSetNode<T> | undefined;
  parent: TreeSetNode<T> | undefined;
}

/**
 * `java.util.TreeSet` as far as adding and iterating goes, with the same rotations. That matters only because
 * `TopologyDescription` orders nodes by a size that still grows while they are added: the order that results depends on
 * which items the tree compared.
 */
export class JavaTreeSet<T> {
  private root: TreeSetNode<T> | undefined = undefined;
  private readonly compare: (a: T, b: T) => number;

  constructor(compare: (a: T, b: T) => number) {
    this.compare = compare;
  }

  add(item: T): void {
    let parent: TreeSetNode<T> | undefined;
    let at = this.root;
    let order = 0;
    while (at !== undefined) {
      order = this.compare(item, at.item);
      if (order === 0) return;
      parent = at;
      at = order < 0 ? at.left : at.right;
    }
    const node: TreeSetNode<T> = { item, red: true, left: undefined, right: undefined, parent };
    if (parent === undefined) this.root = node;
    else if (order < 0) parent.left = node;
    else parent.right = node;
    this.rebalance(node);
  }

  toArray(): T[] {
    const items: T[] = [];
    const walk = (node: TreeSetNode<T> | undefined): void => {
      if (node === undefined) return;
      walk(node.left);
      items.push(node.item);
      walk(node.right);
    };
    walk(this.root);
    return items;
  }

  private rebalance(added: TreeSetNode<T>): void {
    let node = added;
    while (node.parent?.red === true) {
      const { parent } = node;
      const grandparent = parent.parent as TreeSetNode<T>;
      const onLeft = parent === grandparent.left;
      const uncle = onLeft ? grandparent.right : grandparent.left;
      if (uncle?.red === true) {
        parent.red = false;
        uncle.red = false;
        grandparent.red = true;
        node = grandparent;
      } else node = this.straighten(node, grandparent, onLeft);
    }
    if (this.root !== undefined) this.root.red = false;
  }

  private straighten(added: TreeSetNode<T>, grandparent: TreeSetNode<T>, onLeft: boolean): TreeSetNode<T> {
    let node = added;
    let parent = node.parent as TreeSetNode<T>;
    if (node === (onLeft ? parent.right : parent.left)) {
      this.rotate(parent, onLeft);
      [node, parent] = [parent, node];
    }
    parent.red = false;
    grandparent.red = true;
    this.rotate(grandparent, !onLeft);
    return node;
  }

  /** Turns the tree below `node` to the left or to the right. */
  private rotate(node: TreeSetNode<T>, left: boolean): void {
    const up = (left ? node.right : node.left) as TreeSetNode<T>;
    const moved = left ? up.left : up.right;
    if (left) node.right = moved;
    else node.left = moved;
    if (moved !== undefined) moved.parent = node;
    up.parent = node.parent;
    if (node.parent === undefined) this.root = up;
    else if (node.parent.left === node) node.parent.left = up;
    else node.parent.right = up;
    if (left) up.left = node;
    else up.right = node;
    node.parent = up;
  }
}
