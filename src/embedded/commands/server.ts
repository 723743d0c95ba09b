import { type Document, Long, ObjectId } from 'bson';
import { MAX_DOCUMENT, MAX_MESSAGE } from '../raw.js';
import { SESSION_MINUTES } from '../sessions.js';
import type { Reply } from '../wire.js';
import type { Call, Command } from './command.js';
import { MAX_BATCH } from './statements.js';

/** The wire version of MongoDB 7.0, whose commands these are. */
export const WIRE_VERSION = 21;
const VERSION = '7.0.0';
const SET_NAME = 'embedded';
const ELECTION = new ObjectId('7fffffff0000000000000001');

/**
 * A replica set of one: that is what drivers ask for before they send transactions and retryable writes. There is no
 * topologyVersion, so they poll instead of holding a stream open.
 */
function helloReply({ address, connectionId }: Call, primary: string): Reply {
  return {
    helloOk: true,
    [primary]: true,
    secondary: false,
    setName: SET_NAME,
    setVersion: 1,
    electionId: ELECTION,
    hosts: [address],
    primary: address,
    me: address,
    maxBsonObjectSize: MAX_DOCUMENT,
    maxMessageSizeBytes: MAX_MESSAGE,
    maxWriteBatchSize: MAX_BATCH,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: SESSION_MINUTES,
    connectionId,
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION,
    readOnly: false,
    ok: 1,
  };
}

const helloFields = {
  fields: [
    'client',
    'compression',
    'helloOk',
    'loadBalanced',
    'hostInfo',
    'topologyVersion',
    'maxAwaitTimeMS',
    'saslSupportedMechs',
    'speculativeAuthenticate',
    'backpressure',
    'internalClient',
    'forShell',
  ],
};

export const hello: Command = { kind: 'other', ...helloFields, run: (call) => helloReply(call, 'isWritablePrimary') };
export const isMaster: Command = { kind: 'other', ...helloFields, run: (call) => helloReply(call, 'ismaster') };

const answer = (reply: Reply, fields: readonly string[] = []): Command => ({ kind: 'other', fields, run: () => reply });

export const ping = answer({ ok: 1 });
export const buildInfo = answer({
  version: VERSION,
  versionArray: [7, 0, 0, 0],
  gitVersion: 'embedded',
  modules: [],
  allocator: 'system',
  javascriptEngine: 'none',
  sysInfo: 'embedded store',
  bits: 64,
  debug: false,
  maxBsonObjectSize: MAX_DOCUMENT,
  storageEngines: ['lmdb'],
  ok: 1,
});

export const connectionStatus = answer({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] }, ok: 1 }, [
  'showPrivileges',
]);
export const getLog = answer({ totalLinesWritten: 0, log: [], ok: 1 });

export const getParameter: Command = {
  kind: 'other',
  fields: ['featureCompatibilityVersion', 'allParameters'],
  run: ({ body }) => ({
    ...(body.featureCompatibilityVersion ? { featureCompatibilityVersion: { version: '7.0' } } : {}),
    ok: 1,
  }),
};

export const whatsmyuri: Command = { kind: 'other', fields: [], run: ({ address }) => ({ you: address, ok: 1 }) };

const startedAt = Date.now();

export const serverStatus: Command = {
  kind: 'other',
  fields: ['repl', 'metrics', 'locks'],
  run(call) {
    const uptime = Math.floor((Date.now() - startedAt) / 1000);
    return {
      host: call.address,
      version: VERSION,
      process: 'embedded',
      pid: Long.fromNumber(process.pid),
      uptime,
      uptimeMillis: Long.fromNumber(Date.now() - startedAt),
      localTime: new Date(),
      mem: { resident: Math.round(process.memoryUsage.rss() / 2 ** 20), bits: 64, supported: true },
      storageEngine: { name: 'lmdb', persistent: true, readOnly: false },
      repl: { setName: SET_NAME, isWritablePrimary: true, secondary: false, hosts: [call.address], me: call.address },
      ok: 1,
    };
  },
};

export const replSetGetStatus: Command = {
  kind: 'other',
  fields: ['initialSync'],
  run: ({ address }) => ({
    set: SET_NAME,
    myState: 1,
    members: [{ _id: 0, name: address, health: 1, state: 1, stateStr: 'PRIMARY', self: true }],
    ok: 1,
  }),
};

const lsids = (body: Document, name: string) => (Array.isArray(body[name]) ? (body[name] as Document[]) : []);

export const endSessions: Command = {
  kind: 'other',
  fields: [],
  run({ sessions, body, name }) {
    sessions.end(lsids(body, name));
    return { ok: 1 };
  },
};

/** With names of users it would end theirs; there are none. */
export const killAllSessions: Command = {
  kind: 'other',
  fields: [],
  run({ sessions }) {
    sessions.endAll();
    return { ok: 1 };
  },
};

export const refreshSessions = answer({ ok: 1 });
