/** Lists, maps and structures: what of a schema stands for them, and how rows become values again. */
import type { SchemaElement, SchemaTree } from "hyparquet";
import { decodeVariantColumn } from "hyparquet/src/variant.js";
import { ParquetError } from "./parquet_error.ts";
import type { ParquetLeaf } from "./parquet_leaf.ts";
import { isoTime } from "./parquet_times.ts";
import { finiteOrMark, NotUtf8, withoutInfinity } from "./parquet_types.ts";

/** A column, or a part of one. */
export interface ParquetNode {
  kind: "leaf" | "structure" | "list" | "map" | "variant";
  name: string;
  element: SchemaElement;
  /** Names from the root on. */
  path: string[];
  /** The definition from which on it is not null. */
  level: number;
  /** Of a list or map: the definition from which on it has an item, and the repetition that brings the next. */
  itemLevel: number;
  itemRepetition: number;
  /** Fields; of a list its element, of a map its key and value. */
  children: ParquetNode[];
  /** The columns in it, by their order in the file, and how deep they lie. */
  leaves: LeafPlace[];
}

export interface LeafPlace {
  index: number;
  node: ParquetNode;
  repetitionLevel: number;
  /** Whether it is a part of a VARIANT, which is decoded from all of them. */
  isInVariant: boolean;
}

/** The columns of a file. */
export function nodesOf(root: SchemaTree): ParquetNode[] {
  const builder = new NodeBuilder();
  return root.children.map((tree) => builder.node(tree, 0, 0));
}

class NodeBuilder {
  #leaves = 0;

  node(tree: SchemaTree, level: number, repetition: number): ParquetNode {
    switch (tree.element.repetition_type) {
      case "OPTIONAL":
        return this.#present(tree, level + 1, repetition);
      case "REPEATED": {
        // Without a list around it, as Protocol Buffers have it.
        const item = this.#present(tree, level + 1, repetition + 1);
        return node(tree, "list", level, [item], repetition + 1);
      }
      default:
        return this.#present(tree, level, repetition);
    }
  }

  /** What a value is, once it is there. */
  #present(tree: SchemaTree, level: number, repetition: number): ParquetNode {
    const { element, children } = tree;
    if (children.length === 0) {
      if (element.type === undefined) throw new ParquetError("unsupported", `"${element.name}" has no fields`);
      const leaf = node(tree, "leaf", level, []);
      leaf.leaves.push({ index: this.#leaves++, node: leaf, repetitionLevel: repetition, isInVariant: false });
      return leaf;
    }
    const type = element.logical_type?.type ?? element.converted_type;
    const [only] = children;
    const isRepeated = children.length === 1 && only?.element.repetition_type === "REPEATED";
    if (only !== undefined && isRepeated && type === "LIST") {
      const [inner] = only.children;
      const item = inner === undefined || isItself(only, element.name)
        ? this.#present(only, level + 1, repetition + 1)
        : this.node(inner, level + 1, repetition + 1);
      return node(tree, "list", level, [item], repetition + 1);
    }
    if (
      only !== undefined && isRepeated && (type === "MAP" || type === "MAP_KEY_VALUE") && only.children.length === 2
    ) {
      const pair = only.children.map((child) => this.node(child, level + 1, repetition + 1));
      return node(tree, "map", level, pair, repetition + 1);
    }
    const fields = children.map((child) => this.node(child, level, repetition));
    const whole = node(tree, type === "VARIANT" ? "variant" : "structure", level, fields);
    if (whole.kind === "variant") { for (const leaf of whole.leaves) leaf.isInVariant = true; }
    return whole;
  }
}

function node(
  { element, path }: SchemaTree,
  kind: ParquetNode["kind"],
  level: number,
  children: ParquetNode[],
  itemRepetition = 0,
): ParquetNode {
  return {
    kind,
    name: element.name,
    element,
    path,
    level,
    itemLevel: level + 1,
    itemRepetition,
    children,
    leaves: children.flatMap(({ leaves }) => leaves),
  };
}

/** Whether what is repeated in a list is its element, and not only what holds it: older writers have it so. */
function isItself({ element, children }: SchemaTree, list: string): boolean {
  return children.length !== 1 || element.name === "array" || element.name === `${list}_tuple` ||
    children[0]?.element.repetition_type === "REPEATED";
}

/** What JSON has not, among the values of a row. */
export interface ValueFaults {
  notUtf8: boolean;
  /** A number, by its name. */
  notFinite?: string;
  /** A key that a map has twice. */
  repeatedKey?: string;
}

/** The value of a column in the next row; undefined for null. Its leaves have taken the row. */
export function nestedValue(node: ParquetNode, leaves: readonly ParquetLeaf[], faults: ValueFaults): unknown {
  const all = node.leaves.map(({ index }) => leaves[index] as ParquetLeaf);
  const first = all[0] as ParquetLeaf;
  const pass = () => {
    for (const leaf of all) leaf.skip();
  };
  if (first.definition < node.level) {
    pass();
    return undefined;
  }
  const inner = (child: ParquetNode) => nestedValue(child, leaves, faults);
  const [child, second] = node.children as [ParquetNode, ParquetNode];
  switch (node.kind) {
    case "leaf": {
      const value = first.value();
      if (value instanceof NotUtf8) {
        faults.notUtf8 = true;
        return value.value;
      }
      if (typeof value !== "symbol") return value;
      faults.notFinite ??= value.description;
      return withoutInfinity(value);
    }
    case "structure":
      return objectOf(node.children.map((field) => [field.name, inner(field) ?? null]));
    case "variant":
      return jsonValue(decodeVariantColumn(objectOf(node.children.map((field) => [field.name, inner(field)]))), faults);
    case "list":
    case "map": {
      if (first.definition < node.itemLevel) {
        pass();
        return node.kind === "list" ? [] : {};
      }
      const items: unknown[] = [];
      const pairs: [string, unknown][] = [];
      do {
        if (node.kind === "list") items.push(inner(child) ?? null);
        else pairs.push([keyOf(inner(child)), inner(second) ?? null]);
      } while (first.repetition === node.itemRepetition);
      if (node.kind === "list") return items;
      const object = objectOf(pairs);
      if (Object.keys(object).length < pairs.length) faults.repeatedKey ??= repeatedKey(pairs);
      return object;
    }
  }
}

/** With any names, `__proto__` among them. */
function objectOf(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(entries);
}

function repeatedKey(pairs: readonly (readonly [string, unknown])[]): string | undefined {
  const keys = new Set<string>();
  return pairs.find(([key]) => keys.size === keys.add(key).size)?.[0];
}

function keyOf(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

/** What a variant holds, as JSON has it. */
function jsonValue(value: unknown, faults: ValueFaults): unknown {
  if (typeof value === "number") {
    const marked = finiteOrMark(value);
    if (typeof marked !== "symbol") return value;
    faults.notFinite ??= marked.description;
    return withoutInfinity(marked);
  }
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return isoTime(BigInt(value.getTime()), 3);
  if (value instanceof Uint8Array) return value.toHex();
  if (Array.isArray(value)) return value.map((item) => jsonValue(item, faults) ?? null);
  return objectOf(Object.entries(value).map(([key, item]) => [key, jsonValue(item, faults)]));
}
