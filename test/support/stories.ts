import type { TestContext } from './context.js';
import { type Customer, type Person, signedInCustomer } from './people.js';

/** The smallest PNG there is: one pixel. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export interface Reported {
  readonly caseId: string;
  readonly number: string;
  readonly path: string;
  readonly trackingToken: string;
}

/** A customer's re-verified report of an unauthorized trade; the exchange has confirmed the freeze. */
export async function frozenCase(world: TestContext, customer: Customer): Promise<Reported> {
  const body = { kind: 'unauthorized_trade', language: 'en', whatHappened: 'Somebody sold everything at night.' };
  const { body: report } = await customer
    .post('/api/reports', body, await customer.reverified('submitReport', {}, body))
    .expect(201);
  await world.settled();
  const path = `/api/cases/${report.caseId}`;
  return { caseId: report.caseId, number: report.caseNumber, path, trackingToken: report.trackingToken };
}

/** A frozen case whose owner has proven who they are to `verifier`. Needs FACTOR_AGE_DAYS 0. */
export async function provenCase(world: TestContext, customer: Customer, verifier: Person): Promise<Reported> {
  const story = await frozenCase(world, customer);
  const { caseId, path } = story;
  const uploaded = await customer.send('post', `${path}/evidence`).attach('evidence', PNG, 'identity.png').expect(201);
  await customer.act('proveAuthenticator', `${path}/authenticator-check`, { caseId });
  const { body: begun } = await verifier.post(`${path}/identity-checks`, { method: 'document' }).expect(201);
  const { checkId } = begun;
  const found = { result: 'passed', evidenceIds: [uploaded.body.evidence[0].evidenceId], note: 'It is the same face.' };
  await verifier.act('recordCheck', `${path}/identity-checks/${checkId}/decision`, { caseId, checkId }, found);
  return story;
}

/** Proposes the release of all that the case holds; answers the approval's path and parameters. */
export async function proposedRelease(
  { caseId, path }: Reported,
  analyst: Person,
): Promise<{ path: string; params: { caseId: string; approvalId: string }; scopes: string[] }> {
  const { body: seen } = await analyst.get(path).expect(200);
  const scopes = (seen.freezes as { scopes: string[] }[]).flatMap((freeze) => freeze.scopes);
  const wanted = { scopes, outcome: 'recovered', reason: 'The owner is proven.' };
  const answer = await analyst.act('proposeRelease', `${path}/release-proposals`, { caseId }, wanted);
  const { approvalId } = answer.body;
  return { path: `${path}/release-proposals/${approvalId}/approval`, params: { caseId, approvalId }, scopes };
}

/** A customer with a frozen case. */
export async function customerWithCase(world: TestContext): Promise<{ customer: Customer; story: Reported }> {
  const customer = await signedInCustomer(world);
  return { customer, story: await frozenCase(world, customer) };
}
