import { BSONRegExp } from 'bson';
import { badValue, CommandError } from './errors.js';
import { TYPE, type Value } from './raw.js';
import { javaScriptRegex, nextMatch } from './regex.js';

export function textOf({ buf, at }: Value): string {
  return buf.toString('utf8', at + 4, at + 3 + buf.readInt32LE(at));
}

/** Texts that a regular expression matches, and that expression itself; `i`, `m`, `s`, `x` and `u` are known. */
export function regexTest(operand: unknown, options: unknown): (value: Value) => boolean {
  const pattern = operand instanceof BSONRegExp ? operand.pattern : operand;
  if (typeof pattern !== 'string') throw badValue('$regex has to be a string');
  if (options !== undefined && typeof options !== 'string') throw badValue('$options has to be a string');
  if (options !== undefined && operand instanceof BSONRegExp && operand.options !== '')
    throw new CommandError(51075, 'options set in both $regex and $options');
  const flags = options ?? (operand instanceof BSONRegExp ? operand.options : '');
  const regex = javaScriptRegex(pattern, flags);
  const itself = Buffer.from(`${pattern}\0${flags}\0`);
  return (value) => {
    if (value.type === TYPE.regex) return value.buf.subarray(value.at, value.at + itself.length).equals(itself);
    return (value.type === TYPE.string || value.type === TYPE.symbol) && nextMatch(regex, textOf(value)) !== null;
  };
}
