import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import Joi from 'joi';
import winston from 'winston';
import { makeLogger } from '../../src/kernel/logger.js';

describe('the log', () => {
  const write = (metadata: object): string => {
    const lines: string[] = [];
    const stream = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    });
    makeLogger('debug', [new winston.transports.Stream({ stream })]).warn('something happened', metadata);
    return lines.join('');
  };

  it('is one JSON object a line', () => {
    const line = JSON.parse(write({ requestId: 'r1', caseId: 'case_1' }));
    assert.deepEqual(
      [line.level, line.message, line.requestId, line.caseId],
      ['warn', 'something happened', 'r1', 'case_1'],
    );
    assert.ok(!Number.isNaN(Date.parse(line.timestamp)));
  });

  it('holds no secret, token, code or personal datum, at any depth', () => {
    const hidden = 'hunter2';
    const text = write({
      password: hidden,
      nested: { refreshToken: hidden, deeper: [{ totpCode: hidden, email: hidden, Authorization: hidden }] },
      address: hidden,
      cookie: hidden,
    });
    assert.ok(!text.includes(hidden), text);
  });

  it('holds no raw input that an error carries', () => {
    const { error } = Joi.object({ pin: Joi.number() }).validate({ pin: 'hunter2' });
    const text = write({ error: new Error('could not: hunter2', { cause: error }) });
    assert.ok(!text.includes('hunter2'), text);
    assert.match(text, /ValidationError/);
  });
});
