import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { clamd } from '../../src/evidence/clamd.js';
import { type Scanner, ScannerAway, type ScannerTrouble } from '../../src/evidence/scanner.js';
import { type Clamd, clamavTestFiles, EICAR, testClamd } from '../support/clamd.js';

const MB = 1024 * 1024;

describe('clamd', function () {
  this.timeout(120_000);
  let daemon: Clamd;
  const scanner = (over: { timeoutMs?: number; maxBytes?: number } = {}): Scanner =>
    clamd({ url: daemon.url, timeoutMs: 10_000, maxBytes: 100 * MB, ...over });
  before(async () => {
    daemon = await testClamd();
  });
  after(() => daemon.start());

  it('calls clean what has no signature, and says which engine does', async () => {
    const verdict = await scanner().scan(file(randomBytes(300_000)));
    assert.deepEqual([verdict.found, verdict.engine.slice(0, 6)], ['clean', 'ClamAV']);
    assert.equal((await scanner().scan(file(Buffer.alloc(0)))).found, 'clean');
  });

  it('finds the EICAR test file, also in many small chunks', async () => {
    assert.equal((await scanner().scan(file(EICAR))).found, 'infected');
    const verdict = await scanner().scan({ size: EICAR.length, bytes: inChunks(EICAR, 1) });
    assert.equal(verdict.found === 'infected' && verdict.signature, 'Firebreak.Test.Eicar.UNOFFICIAL');
  });

  it("finds the one payload in every file of Debian's clamav-testfiles", async () => {
    const files = await clamavTestFiles();
    assert.ok(files.length >= 40, String(files.length));
    for (const { name, bytes } of files) assert.equal((await scanner().scan(file(bytes))).found, 'infected', name);
  });

  it('calls nothing clean that is larger than the scanner looks at', async () => {
    const large = randomBytes(3 * MB); // StreamMaxLength of this clamd is 2 MB
    // It says so and hangs up at once; a write that meets the hanging up loses what it said, and then there is no verdict.
    const said = await scanner()
      .scan(file(large))
      .then(short, (error: unknown) => error instanceof ScannerAway && error.trouble);
    if (said !== 'scanner-away') assert.deepEqual(said, ['failed', 'too-large']);
    assert.deepEqual(short(await scanner({ maxBytes: MB }).scan(file(large.subarray(0, MB + 1)))), [
      'failed',
      'too-large',
    ]);
  });

  it('gives no verdict when the file breaks off', async () => {
    async function* broken() {
      yield Buffer.from('a part');
      throw new Error('the disk broke');
    }
    await assert.rejects(scanner().scan({ size: 100, bytes: broken() }), /the disk broke/);
  });

  it('has no verdict while the scanner is away or slow', async () => {
    await daemon.kill();
    await away(scanner(), 'scanner-away');
    await daemon.start();
    daemon.freeze();
    await away(scanner({ timeoutMs: 200 }), 'scanner-slow');
    await daemon.start();
    assert.equal((await scanner().scan(file(EICAR))).found, 'infected');
  });

  it('takes nothing for clean but the one answer to a whole file', async () => {
    const GOOD = 'ClamAV 1.4.6/1/Mon\0';
    const cases: [name: string, version: string, answer: string, trouble: ScannerTrouble][] = [
      ['no version', 'hello\0', 'stream: OK\0', 'scanner-nonsense'],
      ['hangs up', GOOD, '', 'scanner-away'],
      ['no end', GOOD, 'stream: OK', 'scanner-nonsense'],
      ['half an answer', GOOD, 'stream: O\0', 'scanner-nonsense'],
      ['two answers', GOOD, 'stream: OK\0stream: OK\0', 'scanner-nonsense'],
      ['of another file', GOOD, '/tmp/x: OK\0', 'scanner-nonsense'],
      ['another protocol', GOOD, 'HTTP/1.1 200 OK\r\n\r\n\0', 'scanner-nonsense'],
      ['lower case', GOOD, 'stream: ok\0', 'scanner-nonsense'],
      ['a found nothing', GOOD, 'stream:  FOUND\0', 'scanner-nonsense'],
      ['an unknown command', GOOD, 'UNKNOWN COMMAND\0', 'scanner-nonsense'],
      ['endless', GOOD, 'x'.repeat(100_000), 'scanner-nonsense'],
    ];
    for (const [name, version, answer, trouble] of cases) {
      await withServer(answering(version, answer), async (url) => {
        await away(clamd({ url, timeoutMs: 2_000, maxBytes: MB }), trouble, name);
      });
    }
  });

  it('takes an answer for nothing that came before the file was there', async () => {
    let told: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => {
      told = resolve;
    });
    const hasty = (socket: Socket) => {
      socket.once('data', (chunk) => {
        if (chunk.includes('VERSION')) socket.end('ClamAV 1\0');
        else socket.end('stream: OK\0', told);
      });
    };
    await withServer(hasty, async (url) => {
      const scan = clamd({ url, timeoutMs: 20_000, maxBytes: MB }).scan({ size: 20, bytes: slowly() });
      await assert.rejects(scan, ScannerAway);
    });
    async function* slowly() {
      yield Buffer.from('part');
      await answered;
      for (let n = 0; n < 4; n += 1) yield Buffer.from('part');
    }
  });

  it('keeps what the scanner itself could not do apart from clean', async () => {
    await withServer(answering('ClamAV 1\0', "stream: Can't allocate memory ERROR\0"), async (url) => {
      const verdict = await clamd({ url, timeoutMs: 2_000, maxBytes: MB }).scan(file(Buffer.from('x')));
      assert.deepEqual(short(verdict), ['failed', 'scanner-error']);
    });
  });

  async function away(by: Scanner, trouble: ScannerTrouble, name: string = trouble): Promise<void> {
    await assert.rejects(
      by.scan(file(Buffer.from('some evidence'))),
      (error) => {
        assert.ok(error instanceof ScannerAway, `${name}: ${error}`);
        assert.equal(error.trouble, trouble, name);
        return true;
      },
      name,
    );
  }
});

const short = (verdict: { found: string; because?: string }) => [verdict.found, verdict.because];
const file = (bytes: Buffer) => ({ size: bytes.length, bytes: inChunks(bytes, 64 * 1024) });

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Something that listens where clamd should, and answers each command when all of it was sent. */
const answering = (version: string, answer: string) => (socket: Socket) => {
  const seen: Buffer[] = [];
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    seen.push(chunk);
    const all = Buffer.concat(seen);
    if (all.includes('zVERSION\0')) socket.end(version);
    else if (all.subarray(-4).equals(Buffer.alloc(4))) socket.end(answer);
  });
};

async function withServer(serve: (socket: Socket) => void, work: (url: string) => Promise<void>): Promise<void> {
  const server: Server = createServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await work(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
    await once(server, 'close');
  }
}
