import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { OBJECT_ID, type ObjectBytes, ObjectMissing, type ObjectStore, type StoredObject } from './object-store.js';
import { Turns } from './turns.js';

export interface S3Place {
  readonly bucket: string;
  /** Ends in a slash, or is empty. */
  readonly prefix: string;
  readonly client: S3ClientConfig;
  /** Encrypted bytes wait here until they are whole: half an upload never reaches the store. */
  readonly spoolDir: string;
}

/** S3 takes no smaller parts than 5 MiB, and 10,000 of them. */
const PART_BYTES = 8 * 1024 * 1024;
/** Parts that are in memory at once, in the whole process. */
const PARTS_AT_ONCE = 4;
const SPOOLED = /^object_[0-9a-f]{24}\.[0-9a-f]{16}\.spool$/;
const CONNECT_MS = 3_000;
const ANSWER_MS = 60_000;

/**
 * Objects in S3 or what speaks like it. Every part goes with its SHA-256, which the server compares with what arrived: what it
 * acknowledged is what we sent. An object appears with the last step or not at all.
 */
export async function openS3Objects({ bucket, prefix, client, spoolDir }: S3Place): Promise<ObjectStore> {
  const sdk = await import('@aws-sdk/client-s3');
  const s3: S3Client = new sdk.S3Client({
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS },
    requestChecksumCalculation: 'WHEN_REQUIRED', // ours are SHA-256 and stated at each call
    responseChecksumValidation: 'WHEN_REQUIRED', // whoever reads decrypts and hashes
    ...client,
  });
  await mkdir(spoolDir, { recursive: true, mode: 0o700 });
  const turns = new Turns(PARTS_AT_ONCE);

  const keyOf = (id: string): string => {
    if (!OBJECT_ID.test(id)) throw new ObjectMissing(id);
    return `${prefix}${id}`;
  };
  const at = (id: string) => ({ Bucket: bucket, Key: keyOf(id) });

  async function write(id: string, bytes: AsyncIterable<Uint8Array>): Promise<{ size: number }> {
    const target = at(id);
    const path = join(spoolDir, `${id}.${randomBytes(8).toString('hex')}.spool`);
    const file = await open(path, 'wx+', 0o600);
    try {
      let size = 0;
      for await (const chunk of bytes) {
        await file.appendFile(chunk);
        size += chunk.length;
      }
      await (size <= PART_BYTES ? putWhole(target, file, size) : putInParts(target, file, size));
      return { size };
    } finally {
      await file.close();
      await unlink(path).catch(() => undefined); // the sweep ends what this could not
    }
  }

  const putWhole = (target: Target, file: FileHandle, size: number): Promise<unknown> =>
    turns.take(async () =>
      s3.send(new sdk.PutObjectCommand({ ...target, Body: await slice(file, 0, size), ChecksumAlgorithm: 'SHA256' })),
    );

  async function putInParts(target: Target, file: FileHandle, size: number): Promise<void> {
    const { UploadId } = await s3.send(
      new sdk.CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: 'SHA256' }),
    );
    try {
      const Parts = [];
      for (let start = 0, PartNumber = 1; start < size; start += PART_BYTES, PartNumber += 1) {
        const { ETag, ChecksumSHA256 } = await turns.take(async () => {
          const Body = await slice(file, start, Math.min(PART_BYTES, size - start));
          return s3.send(
            new sdk.UploadPartCommand({ ...target, UploadId, PartNumber, Body, ChecksumAlgorithm: 'SHA256' }),
          );
        });
        Parts.push({ PartNumber, ETag, ChecksumSHA256 });
      }
      await s3.send(new sdk.CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }));
    } catch (error) {
      await s3.send(new sdk.AbortMultipartUploadCommand({ ...target, UploadId })).catch(() => undefined); // the sweep ends it
      throw error;
    }
  }

  async function read(id: string): Promise<ObjectBytes> {
    const target = at(id);
    const answer = await s3.send(new sdk.GetObjectCommand(target)).catch((error: unknown) => {
      throw isMissing(error) ? new ObjectMissing(id) : error;
    });
    const bytes = answer.Body as Readable;
    return { size: Number(answer.ContentLength ?? 0), bytes, close: () => void bytes.destroy() };
  }

  async function describe(id: string): Promise<StoredObject | null> {
    const found = await s3.send(new sdk.HeadObjectCommand(at(id))).catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    });
    return found && { id, size: Number(found.ContentLength ?? 0), at: found.LastModified ?? new Date(0) };
  }

  async function* list(): AsyncIterable<StoredObject> {
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(
        new sdk.ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          ...(ContinuationToken && { ContinuationToken }),
        }),
      );
      for (const { Key = '', Size = 0, LastModified = new Date(0) } of page.Contents ?? []) {
        const id = Key.slice(prefix.length);
        if (OBJECT_ID.test(id)) yield { id, size: Size, at: LastModified };
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
  }

  async function sweep(before: Date): Promise<number> {
    let ended = 0;
    for (const name of await readdir(spoolDir)) {
      if (!SPOOLED.test(name)) continue; // not ours
      const path = join(spoolDir, name);
      const found = await stat(path).catch(() => undefined);
      if (found === undefined || found.mtime >= before) continue;
      await unlink(path).catch(() => undefined);
      ended += 1;
    }
    return ended + (await abortOld(before));
  }

  /** Parts of an upload that was never completed cost as much as an object, and no list shows them. */
  async function abortOld(before: Date): Promise<number> {
    let ended = 0;
    const list = new sdk.ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix });
    const { Uploads = [] } = await s3.send(list).catch((error: unknown) => {
      if ((error as { name?: string }).name === 'NotImplemented') return { Uploads: [] }; // some stores end them by a rule
      throw error;
    });
    for (const { Key = '', UploadId, Initiated = new Date(0) } of Uploads) {
      if (!OBJECT_ID.test(Key.slice(prefix.length)) || Initiated >= before) continue;
      await s3.send(new sdk.AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
      ended += 1;
    }
    return ended;
  }

  return {
    name: `s3:${bucket}/${prefix}`,
    write,
    read,
    stat: describe,
    remove: async (id) => void (await s3.send(new sdk.DeleteObjectCommand(at(id)))),
    list,
    sweep,
  };
}

interface Target {
  readonly Bucket: string;
  readonly Key: string;
}

async function slice(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(bytes, done, length - done, start + done);
    if (bytesRead === 0) throw new Error('the spool ended early');
    done += bytesRead;
  }
  return bytes;
}

const isMissing = (error: unknown): boolean => {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  return name === 'NoSuchKey' || name === 'NotFound' || $metadata?.httpStatusCode === 404;
};
