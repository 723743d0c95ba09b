import type { Document } from 'bson';
import { bulkWrite } from './bulk-write.js';
import * as catalogue from './catalogue.js';
import type { Command } from './command.js';
import { explain } from './explain.js';
import { findAndModify } from './find-and-modify.js';
import * as indexes from './indexes.js';
import * as reading from './reading.js';
import * as server from './server.js';
import * as stats from './stats.js';
import * as writing from './writing.js';

const COMMANDS = new Map<string, Command>(
  Object.entries({
    hello: server.hello,
    isMaster: server.isMaster,
    ismaster: server.isMaster,
    ping: server.ping,
    buildInfo: server.buildInfo,
    buildinfo: server.buildInfo,
    connectionStatus: server.connectionStatus,
    serverStatus: server.serverStatus,
    replSetGetStatus: server.replSetGetStatus,
    getLog: server.getLog,
    getParameter: server.getParameter,
    whatsmyuri: server.whatsmyuri,
    collStats: stats.collStats,
    collstats: stats.collStats,
    dbStats: stats.dbStats,
    dbstats: stats.dbStats,
    endSessions: server.endSessions,
    killSessions: server.endSessions,
    killAllSessions: server.killAllSessions,
    refreshSessions: server.refreshSessions,
    find: reading.find,
    getMore: reading.getMore,
    killCursors: reading.killCursors,
    count: reading.countCommand,
    distinct: reading.distinct,
    aggregate: reading.aggregate,
    explain,
    insert: writing.insert,
    update: writing.update,
    delete: writing.remove,
    bulkWrite,
    findAndModify: findAndModify,
    findandmodify: findAndModify,
    create: catalogue.create,
    createIndexes: indexes.createIndexes,
    dropIndexes: indexes.dropIndexes,
    deleteIndexes: indexes.dropIndexes,
    listIndexes: indexes.listIndexes,
    drop: catalogue.drop,
    dropDatabase: catalogue.dropDatabase,
    renameCollection: catalogue.renameCollection,
    listCollections: catalogue.listCollections,
    listDatabases: catalogue.listDatabases,
    collMod: indexes.collMod,
  }),
);

/** The command of that name; an aggregate that writes its result is another one than an aggregate that reads. */
export function commandOf(name: string, body: Document): Command | undefined {
  if (name === 'aggregate' && reading.writesOutput(body)) return reading.aggregateOut;
  return COMMANDS.get(name);
}
