import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import mongoose from 'mongoose';
import { startStore } from '../embedded/index.js';

/** The baseline: Express, one mongoose model, one insert per request, on the same store with the same durability. */
const dataDir = process.env['DATA_DIR'];
const given = process.env['MONGODB_URI'];
if (!dataDir && !given) throw new Error('DATA_DIR or MONGODB_URI');
const uri = given ?? (await startStore({ dataDir: dataDir as string })).uri;
const connection = await mongoose
  .createConnection(uri, { dbName: 'bare', writeConcern: { w: 'majority', journal: true }, maxPoolSize: 64 })
  .asPromise();
const Report = connection.model(
  'Report',
  new mongoose.Schema({
    kind: { type: String, required: true },
    occurredAt: Date,
    where: { channel: String },
    whatHappened: { type: String, required: true },
    losses: [{ asset: String, amount: String }],
    transactionHashes: [String],
    contact: { email: String, phone: String },
    language: String,
  }),
);
await Report.init();

const app = express();
app.use(express.json());
app.post('/reports', async (request, response) => {
  const report = await Report.create(request.body);
  response.status(201).json({ id: report.id });
});
const server = createServer(app).listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
