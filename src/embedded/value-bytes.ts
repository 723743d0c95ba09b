import { sizeOf, type Value } from './raw.js';

/** The bytes of the document `{ v: value }`. */
export function valueBytes({ buf, type, at }: Value): Buffer {
  const size = sizeOf(buf, type, at);
  const whole = Buffer.alloc(4 + 3 + size + 1);
  whole.writeInt32LE(whole.length, 0);
  whole[4] = type;
  whole[5] = 0x76;
  buf.copy(whole, 7, at, at + size);
  return whole;
}
