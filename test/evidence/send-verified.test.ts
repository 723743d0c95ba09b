import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { Writable } from 'node:stream';
import type { Response } from 'express';
import { sendVerified } from '../../src/evidence/send-verified.js';

const PIECES = [Buffer.from('first'), Buffer.from('second')];

describe('sending an object', () => {
  /** A connection that takes a piece when it is told to: `left` ends each write. */
  const connection = () => {
    const taking = new EventEmitter();
    const response = new Writable({ highWaterMark: 1, write: (_piece, _, left) => void taking.emit('piece', left) });
    return { taking, response: response as unknown as Response };
  };
  async function* bytes(): AsyncGenerator<Buffer> {
    yield* PIECES;
  }

  it('gives the memory of a piece back once it has left, and not before', async () => {
    const { taking, response } = connection();
    const given: Buffer[] = [];
    const sent = sendVerified(response, { bytes: bytes(), giveBack: (piece) => void given.push(piece) });
    for (const [n] of PIECES.entries()) {
      const [left] = await once(taking, 'piece');
      assert.deepEqual(given, PIECES.slice(0, n));
      left();
    }
    assert.equal(await sent, true);
    assert.deepEqual(given, PIECES);
  });

  it('keeps the memory of what was cut off, which may still lie in the connection', async () => {
    const { taking, response } = connection();
    const given: Buffer[] = [];
    const sent = sendVerified(response, { bytes: bytes(), giveBack: (piece) => void given.push(piece) });
    await once(taking, 'piece');
    response.destroy();
    assert.equal(await sent, false);
    assert.deepEqual(given, []);
  });
});
