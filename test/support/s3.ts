import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';

/** An S3 server of this test alone: s3rver, behind a front that checks SHA-256 as S3 does and s3rver does not. */
export interface S3Server {
  /** As EVIDENCE_URL takes it. */
  readonly url: string;
  /** As EVIDENCE_STORE_KEY takes it. */
  readonly key: string;
  /** Where s3rver keeps an object. */
  path(key: string): string;
  /** Flips a bit of the next body on its way. */
  harmNext(): void;
  /** Methods and paths, oldest first. */
  readonly seen: readonly string[];
  close(): Promise<void>;
}

const BUCKET = 'evidence';

export async function startS3(): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), 'firebreak-s3-'));
  const inner = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory,
    configureBuckets: [{ name: BUCKET, configs: [] }],
  });
  const { port } = await inner.run();
  const seen: string[] = [];
  let harm = false;
  const front = createServer((incoming, response) => {
    seen.push(`${incoming.method} ${incoming.url}`);
    void bodyOf(incoming).then((body) => {
      if (harm && body.length > 0) {
        harm = false;
        body[0] = (body[0] ?? 0) ^ 1;
      }
      const refused = refusal(incoming, body);
      if (refused) return response.writeHead(400, { 'Content-Type': 'application/xml' }).end(refused);
      return pass(incoming, body, port, response);
    });
  }).listen(0, '127.0.0.1');
  await once(front, 'listening');
  const endpoint = encodeURIComponent(`http://127.0.0.1:${(front.address() as AddressInfo).port}`);
  return {
    url: `s3://${BUCKET}/vault?endpoint=${endpoint}&pathStyle=true&region=eu-central-1`,
    key: 'S3RVER:S3RVER',
    path: (key) => join(directory, BUCKET, `vault/${key}._S3rver_object`),
    harmNext: () => {
      harm = true;
    },
    seen,
    close: async () => {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
      await inner.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What S3 answers when a body is not what its checksum says; here a body without one is refused too. */
function refusal({ method, headers }: IncomingMessage, body: Buffer): string | undefined {
  if (method !== 'PUT') return undefined;
  const said = headers['x-amz-checksum-sha256'];
  const code = said === undefined ? 'InvalidRequest' : 'BadDigest';
  if (said === createHash('sha256').update(body).digest('base64')) return undefined;
  return `<?xml version="1.0"?><Error><Code>${code}</Code><Message>checksum</Message></Error>`;
}

function pass({ method, url, headers }: IncomingMessage, body: Buffer, port: number, response: ServerResponse): void {
  const call = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  call.on('error', () => response.destroy());
  call.end(body);
}
