import { DIGEST, type Digest, type Digestible } from './digest.ts';
import { FORK, type Forkable } from './fork.ts';

/** Most entries of a node; it splits beyond. */
const ORDER = 32;
/** A node with fewer entries is merged with its neighbour where both fit into one. */
const SPARSE = ORDER / 4;

/** Who may change a node in place: the tree (and its forks never) that holds the same token. */
export type EditToken = object;

/**
 * A node of a copy-on-write B+ tree. Leaves hold values; branches hold nodes, where `keys[i]` is a lower bound of what
 * lies below `items[i]` (for `i > 0`).
 */
export interface TreeNode<T> {
  readonly edit: EditToken;
  readonly leaf: boolean;
  readonly keys: string[];
  readonly items: (T | TreeNode<T>)[];
}

export const newEdit = (): EditToken => ({});

export function emptyRoot<T>(edit: EditToken): TreeNode<T> {
  return { edit, leaf: true, keys: [], items: [] };
}

/** Index of the first key that is not below `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the child of a branch below which `key` belongs. */
function childIndex(keys: readonly string[], key: string): number {
  let low = 1;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string) <= key) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const child = <T>(node: TreeNode<T>, index: number): TreeNode<T> => node.items[index] as TreeNode<T>;

export function treeGet<T>(root: TreeNode<T>, key: string): T | undefined {
  let node = root;
  while (!node.leaf) node = child(node, childIndex(node.keys, key));
  const at = lowerBound(node.keys, key);
  return node.keys[at] === key ? (node.items[at] as T) : undefined;
}

function editable<T>(node: TreeNode<T>, edit: EditToken): TreeNode<T> {
  if (node.edit === edit) return node;
  return { edit, leaf: node.leaf, keys: node.keys.slice(), items: node.items.slice() };
}

/** Sets the value of a key. Returns the new root, which is the old one if this editor already owned it. */
export function treeSet<T>(root: TreeNode<T>, key: string, value: T, edit: EditToken): TreeNode<T> {
  if (replaceInPlace(root, key, value, edit)) return root;
  const changed = setBelow(root, key, value, edit);
  if (changed.keys.length <= ORDER) return changed;
  const right = splitOff(changed, edit);
  return {
    edit,
    leaf: false,
    keys: [changed.keys[0] as string, right.keys[0] as string],
    items: [changed, right],
  };
}

/** Replaces the value of a key whose leaf this editor owns already. False if there is no such leaf. */
function replaceInPlace<T>(root: TreeNode<T>, key: string, value: T, edit: EditToken): boolean {
  let node = root;
  while (node.edit === edit) {
    if (!node.leaf) {
      node = child(node, childIndex(node.keys, key));
      continue;
    }
    const at = lowerBound(node.keys, key);
    if (node.keys[at] !== key) return false;
    node.items[at] = value;
    return true;
  }
  return false;
}

function setBelow<T>(node: TreeNode<T>, key: string, value: T, edit: EditToken): TreeNode<T> {
  const target = editable(node, edit);
  if (target.leaf) {
    const at = lowerBound(target.keys, key);
    if (target.keys[at] === key) target.items[at] = value;
    else {
      target.keys.splice(at, 0, key);
      target.items.splice(at, 0, value);
    }
    return target;
  }
  const index = childIndex(target.keys, key);
  const below = setBelow(child(target, index), key, value, edit);
  target.items[index] = below;
  if (below.keys.length > ORDER) {
    const right = splitOff(below, edit);
    target.keys.splice(index + 1, 0, right.keys[0] as string);
    target.items.splice(index + 1, 0, right);
  }
  return target;
}

/** Takes the upper half out of a node that this editor owns. Ascending insertion leaves full nodes behind. */
function splitOff<T>(node: TreeNode<T>, edit: EditToken): TreeNode<T> {
  const half = node.keys.length >> 1;
  return { edit, leaf: node.leaf, keys: node.keys.splice(half), items: node.items.splice(half) };
}

/** Removes a key. Returns the new root; the same one if the key was not there. */
export function treeDelete<T>(root: TreeNode<T>, key: string, edit: EditToken): TreeNode<T> {
  if (treeGet(root, key) === undefined) return root;
  let changed = deleteBelow(root, key, edit);
  while (!changed.leaf && changed.items.length === 1) changed = child(changed, 0);
  return changed.items.length === 0 ? emptyRoot(edit) : changed;
}

function deleteBelow<T>(node: TreeNode<T>, key: string, edit: EditToken): TreeNode<T> {
  const target = editable(node, edit);
  if (target.leaf) {
    removeAt(target, lowerBound(target.keys, key));
    return target;
  }
  const index = childIndex(target.keys, key);
  const below = deleteBelow(child(target, index), key, edit);
  target.items[index] = below;
  if (below.items.length === 0) removeAt(target, index);
  else if (below.items.length < SPARSE) mergeWithNext(target, index === 0 ? 0 : index - 1, edit);
  return target;
}

function removeAt<T>(node: TreeNode<T>, index: number): void {
  node.keys.splice(index, 1);
  node.items.splice(index, 1);
}

function mergeWithNext<T>(parent: TreeNode<T>, index: number, edit: EditToken): void {
  if (index + 1 >= parent.items.length) return;
  const right = child(parent, index + 1);
  if (child(parent, index).keys.length + right.keys.length > ORDER / 2) return;
  const left = editable(child(parent, index), edit);
  const rightKeys = right.keys.slice();
  rightKeys[0] = right.leaf ? (right.keys[0] as string) : (parent.keys[index + 1] as string);
  left.keys.push(...rightKeys);
  left.items.push(...right.items);
  parent.items[index] = left;
  removeAt(parent, index + 1);
}

/** Calls `visit` for each entry with `from <= key < to`, ascending, until it returns false. The tree must not change meanwhile. */
export function treeVisit<T>(
  root: TreeNode<T>,
  range: KeyRange,
  visit: (value: T, key: string) => boolean | void,
): boolean {
  const { from, to } = range;
  const first =
    from === undefined ? 0 : root.leaf ? lowerBound(root.keys, from) : childIndex(root.keys, from);
  for (let i = first; i < root.keys.length; i++) {
    const key = root.keys[i] as string;
    if (to !== undefined && key >= to && (root.leaf || i > 0)) return false;
    if (root.leaf ? visit(root.items[i] as T, key) === false : !treeVisit(child(root, i), range, visit))
      return false;
  }
  return true;
}

/** As {@link treeVisit}, descending. */
export function treeVisitBack<T>(
  root: TreeNode<T>,
  range: KeyRange,
  visit: (value: T, key: string) => boolean | void,
): boolean {
  const { from, to } = range;
  const end =
    to === undefined
      ? root.keys.length
      : root.leaf
        ? lowerBound(root.keys, to)
        : childIndex(root.keys, to) + 1;
  for (let i = end - 1; i >= 0; i--) {
    const key = root.keys[i] as string;
    if (root.leaf) {
      if (from !== undefined && key < from) return false;
      if (visit(root.items[i] as T, key) === false) return false;
    } else if (!treeVisitBack(child(root, i), range, visit)) return false;
  }
  return true;
}

/** Half-open: `from` is included, `to` is not. Absent ends are open. */
export interface KeyRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export const EVERYTHING: KeyRange = {};

/** Number of entries, counted leaf by leaf. */
export function treeSize<T>(root: TreeNode<T>): number {
  if (root.leaf) return root.keys.length;
  let size = 0;
  for (let i = 0; i < root.items.length; i++) size += treeSize(child(root, i));
  return size;
}

/**
 * An ordered map from strings (compared with `<`) to immutable values. A fork costs one pointer; after it each side
 * copies only the nodes it changes.
 */
export class CowTree<T> implements Forkable, Digestible {
  private edit: EditToken = newEdit();
  private root: TreeNode<T> = emptyRoot(this.edit);

  get(key: string): T | undefined {
    return treeGet(this.root, key);
  }

  set(key: string, value: T): void {
    this.root = treeSet(this.root, key, value, this.edit);
  }

  delete(key: string): void {
    this.root = treeDelete(this.root, key, this.edit);
  }

  clear(): void {
    this.root = emptyRoot(this.edit);
  }

  /** Counted on each call: linear in the number of leaves. */
  get size(): number {
    return treeSize(this.root);
  }

  /** The entries in a range, as they are now: later changes of the tree do not show in the list. */
  entries(range: KeyRange = EVERYTHING): (readonly [string, T])[] {
    const found: (readonly [string, T])[] = [];
    treeVisit(this.root, range, (value, key) => void found.push([key, value]));
    return found;
  }

  /** Calls `visit` for each entry ascending until it returns false. The tree must not change meanwhile. */
  visit(range: KeyRange, visit: (value: T, key: string) => boolean | void): void {
    treeVisit(this.root, range, visit);
  }

  /** Calls `visit` for each entry descending until it returns false. The tree must not change meanwhile. */
  visitBack(range: KeyRange, visit: (value: T, key: string) => boolean | void): void {
    treeVisitBack(this.root, range, visit);
  }

  /** The entry with the smallest key. */
  first(): readonly [string, T] | undefined {
    let node = this.root;
    while (!node.leaf) node = child(node, 0);
    return node.keys.length === 0 ? undefined : [node.keys[0] as string, node.items[0] as T];
  }

  [FORK](older?: this): this {
    if (older?.root === this.root) return older;
    const copy = new CowTree<T>();
    copy.root = this.root;
    // Neither side may write into the shared nodes any more.
    this.edit = newEdit();
    return copy as this;
  }

  [DIGEST](digest: Digest): void {
    digest.int(treeSize(this.root));
    treeVisit(this.root, EVERYTHING, (value, key) => {
      digest.string(key);
      digest.value(value);
    });
  }
}
