/** Expressions of the segmentation language as SQL that means the same. */
import { compileExpression, eventFieldOf } from "../expressions/evaluate.ts";
import { Moment } from "../expressions/moment.ts";
import { parseExpression } from "../expressions/parse.ts";
import { printExpression } from "../expressions/print.ts";
import {
  type Binary,
  chainOf,
  type Expression,
  type FunctionCall,
  isLogical,
  type Reference,
  walk,
} from "../expressions/syntax.ts";
import { notInSql, type SqlOptions } from "./asking.ts";
import { sqlEvents } from "./chosen_events.ts";
import { castSql, momentText } from "./expressions/casts.ts";
import { compared, same } from "./expressions/comparisons.ts";
import { constantSql, isNumeric, isOneType, NULL_SQL, type TypedSql } from "./typed_sql.ts";
import { type PropertyColumns, propertyColumns } from "./property_columns.ts";

const LIST_HINT = "lists are looked into by mp alone: ask with --source FILES";

/** Writes the expressions of one question. */
export class SqlExpressions {
  readonly properties: PropertyColumns;

  constructor(private readonly options: SqlOptions) {
    this.properties = propertyColumns(options);
  }

  /** What an expression gives for an event; a moment as its text. @throws MpError (input) for what SQL cannot say */
  value(text: string | Expression): TypedSql {
    const expression = typeof text === "string" ? parseExpression(text) : text;
    const value = this.#value(expression);
    if (value.constant instanceof Moment) return constantSql(String(value.constant), this.options.dialect);
    if (value.type !== "moment") return value;
    return { sql: momentText(value.sql, this.options), type: "text", isSure: value.isSure };
  }

  /** A condition of WHERE: NULL and false are the same there. @throws MpError (input) for what SQL cannot say */
  filter(text: string | Expression): string {
    return this.#condition(typeof text === "string" ? parseExpression(text) : text);
  }

  #condition(expression: Expression): string {
    if (expression.kind !== "binary") return this.#surelyBoolean(expression);
    if (isLogical(expression.operator)) {
      const conditions = chainOf(expression).map((part) => this.#condition(part));
      return `(${conditions.join(` ${expression.operator.toUpperCase()} `)})`;
    }
    if (expression.operator !== "==") return this.#surelyBoolean(expression);
    return same(this.#value(expression.left), this.#value(expression.right), this.options, { nullIsFalse: true }).sql;
  }

  /** Some engines do not take NULL alone for a condition. */
  #surelyBoolean(expression: Expression): string {
    const { sql, type } = this.#boolean(expression);
    return type === "nothing" ? this.options.dialect.boolean(false) : sql;
  }

  /** @throws MpError (input) for what is neither true nor false */
  #boolean(expression: Expression): TypedSql {
    const value = this.#value(expression);
    if (value.type === "boolean" || value.type === "unknown" || value.type === "nothing") return value;
    throw notInSql(`${printExpression(expression)} as a condition: it is neither true nor false`);
  }

  #value(expression: Expression): TypedSql {
    const constant = this.#constant(expression);
    if (constant !== undefined) return constant;
    switch (expression.kind) {
      case "reference":
        return this.#reference(expression);
      case "unary":
        return expression.operator === "not" ? this.#not(expression.operand) : this.#negated(expression.operand);
      case "call":
        return this.#call(expression);
      case "binary":
        return isLogical(expression.operator) ? this.#logical(expression) : this.#binary(expression);
      default:
        throw notInSql(`a list outside of "in"`, LIST_HINT);
    }
  }

  /** What is the same for every event is computed here. */
  #constant(expression: Expression): TypedSql | undefined {
    if (expression.kind === "list") return undefined;
    for (const part of walk(expression)) if (part.kind === "reference") return undefined;
    const { nowMs, timeZone, dialect } = this.options;
    const value = compileExpression(expression, { nowMs, timeZone })({ properties: {} });
    if (value instanceof Moment) {
      return { sql: String(value.seconds), type: "moment", isSure: true, constant: value };
    }
    return constantSql(value, dialect);
  }

  #reference(reference: Reference): TypedSql {
    const { source, name } = reference;
    if (source === "user" || source === "behaviors") {
      throw notInSql(printExpression(reference), "the table has events, and no profiles");
    }
    const { event, time, distinctId } = sqlEvents(this.options);
    const { dialect } = this.options;
    const seconds = dialect.epochSeconds(time);
    switch (eventFieldOf(reference)) {
      case "time":
        return { sql: seconds, type: "integer", isSure: true, moment: seconds };
      case "distinctId":
        return { sql: `coalesce(${distinctId}, '')`, type: "text", isSure: true };
      case "name":
        return { sql: event, type: "text", isSure: true };
      default:
        return source === "event" ? NULL_SQL : this.properties.of(name);
    }
  }

  #not(operand: Expression): TypedSql {
    const value = this.#boolean(operand);
    if (value.type === "nothing") return constantSql(true, this.options.dialect);
    return { sql: `(NOT ${sureBoolean(value)})`, type: "boolean", isSure: true };
  }

  #logical(expression: Binary): TypedSql {
    const conditions = chainOf(expression).map((part) => sureBoolean(this.#boolean(part)));
    return { sql: `(${conditions.join(` ${expression.operator.toUpperCase()} `)})`, type: "boolean", isSure: true };
  }

  #negated(operand: Expression): TypedSql {
    const value = this.#value(operand);
    if (!isNumeric(value.type) && value.type !== "unknown") return NULL_SQL;
    return { sql: `(- ${value.sql})`, type: value.type, isSure: value.isSure };
  }

  #binary({ operator, left, right }: Binary): TypedSql {
    if (operator === "in") return this.#membership(left, right);
    if (operator === "contains") return this.#membership(right, left);
    const [a, b] = [this.#value(left), this.#value(right)];
    switch (operator) {
      case "==":
        return same(a, b, this.options);
      case "!=":
        return same(a, b, this.options, { isNegated: true });
      case "+":
      case "-":
      case "*":
      case "/":
      case "%":
        return this.#calculated(operator, a, b);
      default:
        return compared(operator as "<" | "<=" | ">" | ">=", a, b, this.options);
    }
  }

  #calculated(operator: "+" | "-" | "*" | "/" | "%", left: TypedSql, right: TypedSql): TypedSql {
    const { dialect } = this.options;
    const isSure = left.isSure && right.isSure;
    const types = [left.type, right.type];
    if (operator === "+" && types.includes("text")) {
      if (!types.every((type) => type === "text" || type === "unknown")) return NULL_SQL;
      return { sql: dialect.joined(left.sql, right.sql), type: "text", isSure };
    }
    if (!types.every((type) => isNumeric(type) || type === "unknown")) return NULL_SQL;
    // The language has one kind of number. Whole ones would overflow, and their quotient be whole.
    const [a, b] = [left, right].map(({ sql, type, constant }) =>
      type === "number" ? sql : constant === undefined ? dialect.toNumber(sql) : dialect.number(Number(constant))
    ) as [string, string];
    if (operator === "/") return { sql: dialect.quotient(a, b), type: "number" };
    if (operator === "%") return { sql: dialect.remainder(a, b), type: "number" };
    return { sql: `(${a} ${operator} ${b})`, type: "number", isSure };
  }

  #membership(needle: Expression, haystack: Expression): TypedSql {
    const { dialect } = this.options;
    const item = needle.kind === "list" ? undefined : this.#value(needle);
    if (item === undefined || item.type === "nothing") return NULL_SQL;
    if (haystack.kind === "list") {
      const constants = haystack.items.map((one) => this.#constant(one));
      const isPlain = constants.length > 0 && item.type !== "unknown" && item.type !== "moment" &&
        constants.every((one) => one !== undefined && isOneType(one.type, item.type));
      if (isPlain) {
        const sql = `(${item.sql} IN (${constants.map((one) => one!.sql).join(", ")}))`;
        return { sql, type: "boolean", isSure: item.isSure };
      }
      const items = haystack.items.flatMap((one) => {
        const value = one.kind === "list" ? NULL_SQL : this.#value(one);
        return value.type === "nothing" ? [] : [same(item, value, this.options).sql];
      });
      const found = items.length === 0 ? dialect.boolean(false) : `(${items.join(" OR ")})`;
      if (item.isSure) return { sql: found, type: "boolean", isSure: true };
      return { sql: `CASE WHEN ${item.sql} IS NOT NULL THEN ${found} END`, type: "boolean" };
    }
    const text = this.#value(haystack);
    if (text.type === "json") throw notInSql(`what is in ${printExpression(haystack)}, which has lists`, LIST_HINT);
    const canBeFound = [item, text].every(({ type }) => type === "text" || type === "unknown");
    if (!canBeFound) return NULL_SQL;
    if (text.type === "unknown") {
      this.properties.remark(`${printExpression(haystack)} is taken for text, and not for a list.`);
    }
    return { sql: dialect.contains(text.sql, item.sql), type: "boolean", isSure: item.isSure && text.isSure };
  }

  #call(call: FunctionCall): TypedSql {
    if (call.args.length > 1) throw notInSql(`${printExpression(call)}, whose parts differ by event`);
    const value = this.#value(call.args[0]!);
    if (call.name === "string" && value.type === "number") {
      this.properties.remark(`${printExpression(call)} writes fractions as ${this.options.dialect.title} does.`);
    }
    return castSql(call, value, this.options);
  }
}

/** Without NULL, which is false. */
function sureBoolean({ sql, isSure, type }: TypedSql): string {
  if (type === "nothing") return "coalesce(NULL, false)";
  return isSure ? sql : `coalesce(${sql}, false)`;
}
