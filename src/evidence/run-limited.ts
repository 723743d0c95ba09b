import { type Ended, LimitedProcess, type Limits } from './limited-process.js';

/** Runs a program on an open file (descriptor 3) and gives what it wrote to descriptor 4. */
export const runLimited = (command: readonly [string, ...string[]], fd: number, limits: Limits): Promise<Ended> =>
  new LimitedProcess(command, limits, fd).work(nothing());

/** It finds nothing on its standard input. */
async function* nothing(): AsyncGenerator<Uint8Array> {}
