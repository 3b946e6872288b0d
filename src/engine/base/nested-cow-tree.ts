import {
  emptyRoot,
  EVERYTHING,
  newEdit,
  treeDelete,
  treeGet,
  treeSet,
  treeSize,
  treeVisit,
  treeVisitBack,
  type EditToken,
  type KeyRange,
  type TreeNode,
} from './cow-tree.ts';
import { DIGEST, type Digest, type Digestible } from './digest.ts';
import { FORK, type Forkable } from './fork.ts';

/**
 * An ordered map of ordered maps: first key, then second key, both strings compared with `<`; values immutable.
 * A fork costs one pointer; after it each side copies only the nodes it changes.
 */
export class NestedCowTree<T> implements Forkable, Digestible {
  private edit: EditToken = newEdit();
  private root: TreeNode<TreeNode<T>> = emptyRoot(this.edit);
  /** The inner tree that was used last: successive accesses mostly share their first key. */
  private recentKey: string | undefined = undefined;
  private recent: TreeNode<T> | undefined = undefined;

  get(outer: string, inner: string): T | undefined {
    const tree = this.innerTree(outer);
    return tree === undefined ? undefined : treeGet(tree, inner);
  }

  set(outer: string, inner: string, value: T): void {
    const before = this.innerTree(outer);
    const after = treeSet(before ?? emptyRoot<T>(this.edit), inner, value, this.edit);
    if (after !== before) this.replace(outer, after);
  }

  delete(outer: string, inner: string): void {
    const before = this.innerTree(outer);
    if (before === undefined) return;
    const after = treeDelete(before, inner, this.edit);
    if (after === before && after.keys.length > 0) return;
    if (after.keys.length > 0) this.replace(outer, after);
    else {
      this.root = treeDelete(this.root, outer, this.edit);
      this.recentKey = undefined;
    }
  }

  clear(): void {
    this.root = emptyRoot(this.edit);
    this.recentKey = undefined;
  }

  /** Visits the entries of one first key, ascending, until `visit` returns false. The tree must not change meanwhile. */
  visit(outer: string, range: KeyRange, visit: (value: T, inner: string) => boolean | void): void {
    const tree = this.innerTree(outer);
    if (tree !== undefined) treeVisit(tree, range, visit);
  }

  /** As {@link visit}, descending. */
  visitBack(outer: string, range: KeyRange, visit: (value: T, inner: string) => boolean | void): void {
    const tree = this.innerTree(outer);
    if (tree !== undefined) treeVisitBack(tree, range, visit);
  }

  /** Visits everything in order. The tree must not change meanwhile. */
  visitAll(visit: (value: T, outer: string, inner: string) => void): void {
    treeVisit(this.root, EVERYTHING, (tree, outer) => {
      treeVisit(tree, EVERYTHING, (value, inner) => visit(value, outer, inner));
    });
  }

  /** Counted on each call: linear in the number of leaves. */
  get size(): number {
    let size = 0;
    treeVisit(this.root, EVERYTHING, (tree) => {
      size += treeSize(tree);
    });
    return size;
  }

  /** Removes of every first key the entries in `range`. */
  deleteRange(range: KeyRange): void {
    const doomed: (readonly [string, string])[] = [];
    treeVisit(this.root, EVERYTHING, (tree, outer) => {
      treeVisit(tree, range, (_value, inner) => void doomed.push([outer, inner]));
    });
    for (const [outer, inner] of doomed) this.delete(outer, inner);
  }

  private innerTree(outer: string): TreeNode<T> | undefined {
    if (this.recentKey === outer) return this.recent;
    const tree = treeGet(this.root, outer);
    this.recentKey = outer;
    this.recent = tree;
    return tree;
  }

  private replace(outer: string, tree: TreeNode<T>): void {
    this.root = treeSet(this.root, outer, tree, this.edit);
    this.recentKey = outer;
    this.recent = tree;
  }

  [FORK](older?: this): this {
    if (older?.root === this.root) return older;
    const copy = new NestedCowTree<T>();
    copy.root = this.root;
    this.edit = newEdit();
    return copy as this;
  }

  [DIGEST](digest: Digest): void {
    this.visitAll((value, outer, inner) => {
      digest.string(outer);
      digest.string(inner);
      digest.value(value);
    });
  }
}
