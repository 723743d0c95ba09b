import type { S3Client } from '@aws-sdk/client-s3';
import { DAY } from '../../kernel/clock.js';
import { fileNameOf, requireContinuation } from './file-drop.js';
import { OUTLET_TIMEOUT_MS, type Outgoing, type Outlet, OutletRefused } from './outlet.js';

export interface ObjectLockOptions {
  /** `s3://bucket/prefix?region=…&endpoint=…&pathStyle=true` */
  readonly url: string;
  /** Days for which nobody can delete or replace a checkpoint. */
  readonly days: number;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

/** Puts each checkpoint into an S3 bucket under object lock (compliance mode): kept by a store that we cannot overrule. */
export function objectLock(options: ObjectLockOptions): Outlet {
  const { hostname: bucket, pathname } = new URL(options.url);
  const prefix = pathname.replace(/^\/|\/$/g, '');
  const keyOf = (size: number) => `${prefix ? `${prefix}/` : ''}${fileNameOf(size)}`;
  let opened: Promise<S3Client> | undefined;
  return {
    id: `bucket ${bucket}`,
    publish: async (checkpoint) => {
      opened ??= openClient(options);
      const client = await opened;
      await requireNewest(client, bucket, keyOf(checkpoint.size), checkpoint);
      await put(client, bucket, keyOf(checkpoint.size), checkpoint, options.days);
      return [];
    },
  };
}

/** The SDK is large, so only who configured a bucket loads it. */
async function openClient({ url, credentials }: ObjectLockOptions): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  const query = new URL(url).searchParams;
  const endpoint = query.get('endpoint');
  return new S3Client({
    region: query.get('region') ?? 'us-east-1',
    ...(endpoint && { endpoint }),
    forcePathStyle: query.get('pathStyle') === 'true',
    ...(credentials && { credentials }),
    maxAttempts: 2,
    requestHandler: { requestTimeout: OUTLET_TIMEOUT_MS, connectionTimeout: OUTLET_TIMEOUT_MS },
  });
}

/** Names sort by size: one behind ours is a longer log than we have. */
async function requireNewest(client: S3Client, bucket: string, key: string, { size }: Outgoing): Promise<void> {
  const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  const prefix = key.slice(0, key.lastIndexOf('/') + 1);
  const { Contents = [] } = await client.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, StartAfter: key, MaxKeys: 1 }),
  );
  if (Contents.length > 0) throw new OutletRefused(`it keeps ${Contents[0]?.Key}, the log has ${size} events`);
}

async function put(client: S3Client, bucket: string, key: string, checkpoint: Outgoing, days: number): Promise<void> {
  const { PutObjectCommand, GetObjectCommand } = await import('@aws-sdk/client-s3');
  try {
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: checkpoint.note,
        ContentType: 'text/plain; charset=utf-8',
        ChecksumAlgorithm: 'SHA256', // asked for where there is object lock
        IfNoneMatch: '*',
        ObjectLockMode: 'COMPLIANCE',
        ObjectLockRetainUntilDate: new Date(checkpoint.at.getTime() + days * DAY),
      }),
    );
  } catch (error) {
    if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode !== 412) throw error;
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    await requireContinuation((await Body?.transformToString()) ?? '', checkpoint);
  }
}
