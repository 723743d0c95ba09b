import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  /** As bytes when it is no UTF-8. */
  readonly name: string | Uint8Array;
  readonly content: Uint8Array;
  /** What the directory says of the size, when that is not true. */
  readonly claimedSize?: number;
  readonly encrypted?: true;
}

/**
 * A ZIP of deflated entries, as no honest tool would write it when asked to. `overlap`: every entry of the directory stands
 * on the first one's bytes.
 */
export function zipOf(entries: readonly ZipEntry[], { overlap = false }: { overlap?: boolean } = {}): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [n, entry] of entries.entries()) {
    const data = deflateRawSync(entry.content, { level: 9 });
    const offset = overlap ? 0 : at;
    if (!overlap || n === 0) {
      files.push(header(entry, data, 'local', 0), data);
      at += (files.at(-2)?.length ?? 0) + data.length;
    }
    directory.push(header(entry, data, 'central', offset));
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, central, end]);
}

/** Source: PKWARE APPNOTE.TXT, 4.3.7 and 4.3.12 */
function header(entry: ZipEntry, data: Buffer, kind: 'local' | 'central', offset: number): Buffer {
  const name = Buffer.from(entry.name as string);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE((entry.encrypted ? 1 : 0) | (typeof entry.name === 'string' ? 0x800 : 0), 2);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(crc32(entry.content), 10);
  common.writeUInt32LE(data.length, 14);
  common.writeUInt32LE(entry.claimedSize ?? entry.content.length, 18);
  common.writeUInt16LE(name.length, 22);
  if (kind === 'local') return Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name]);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), Buffer.from([20, 0]), common, rest, name]);
}
