import { readFile } from 'node:fs/promises';
import type { SimulatorAdmin } from '../simulator/index.js';
import type { Caller } from './caller.js';
import type { Cast } from './people.js';

export interface Step {
  readonly name: string;
  readonly ms: number;
}

export interface Told {
  /** The number of the case. */
  readonly case: string;
  readonly caseId: string;
  readonly trackingLink: string;
  /** From sending the report to the exchange's confirmation in our record, milliseconds. */
  readonly reportToFreezeMs: number;
  readonly steps: readonly Step[];
  readonly auditEvents: number;
}

const SCREENSHOTS = new URL('../../src/demo/screenshots/', import.meta.url);
const FILES = ['order-history.png', 'new-sign-in.png', 'identity-document.png'];
const SETTLED_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 15;

interface Freeze {
  state: string;
  scopes: string[];
  confirmedAt?: string;
}
interface CaseAnswer {
  number: string;
  accountId: string;
  state: { name: string };
  outcome?: string;
  freezes: Freeze[];
  remedies: { kind: string; state: string }[];
  identity: { met: boolean };
}

/**
 * Plays the main job through HTTP, from an unauthorized trade to a closed case, and holds every step to what it should do.
 *
 * @param say  hears of each step once it held
 * @throws Error at the first step that did not hold
 */
export async function playStory(cast: Cast, exchange: SimulatorAdmin, say: (step: Step) => void): Promise<Told> {
  const { customer, agent, analysts, approver, compliance } = cast;
  const [documents, callbacks, proposer] = analysts.map(({ caller }) => caller) as [Caller, Caller, Caller];
  const steps: Step[] = [];
  const step = async <T>(name: string, act: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await act();
    const done = { name, ms: Math.round(performance.now() - began) };
    steps.push(done);
    say(done);
    return result;
  };

  const me = await customer.caller.ask<Me>('GET', '/api/me');
  const accountId = me.accountId;
  const theft = await step('a thief trades on the account', () => steal(exchange, accountId));

  const body = reportOf(theft);
  const reverified = await step('the customer re-verifies for exactly this report', () =>
    customer.caller.reverify('submitReport', {}, body),
  );
  const sentAt = Date.now();
  const report = await step('the customer reports it, with three screenshots', () =>
    sendReport(customer.caller, body, reverified),
  );
  const caseId = report.caseId;
  const readCase = (as: Caller) => as.ask<CaseAnswer>('GET', `/api/cases/${caseId}`);

  const frozen = await step('the exchange confirms the freeze', () =>
    until(
      'frozen',
      () => readCase(customer.caller),
      ({ state }) => state.name === 'freeze-account.frozen',
    ),
  );
  const reportToFreezeMs = Math.max(0, Date.parse(String(frozen.freezes[0]?.confirmedAt)) - sentAt);
  await step('the thief can neither trade nor withdraw any more', async () => {
    const open = await Promise.all(
      (['trading', 'crypto_withdrawal'] as const).map((scope) => exchange.attempt(accountId, scope)),
    );
    holds(
      open.every((allowed) => !allowed),
      'the exchange still lets the thief act',
    );
  });
  await step('the tracking link shows that it is being worked on', async () => {
    const tracked = await fetch(`${customer.caller.baseUrl}/api/tracking`, {
      headers: { 'Tracking-Token': report.trackingToken },
    });
    const { status } = (await tracked.json()) as { status: string };
    holds(status === 'in-progress', `tracking says ${status}`);
  });

  await step('an agent takes the case and opens the evidence', () => openEvidence(agent.caller, caseId));
  await step('one analyst checks the identity document against the evidence', async () => {
    const { evidence } = await customer.caller.ask<EvidenceList>('GET', `/api/cases/${caseId}/evidence`);
    const document = evidence.find(({ name }) => name === 'identity-document.png');
    await decideCheck(
      documents,
      caseId,
      { method: 'document' },
      { evidenceIds: [document?.evidenceId], note: 'Name, number and photo fit.' },
    );
  });
  await step('another calls the number that was on file before', async () => {
    const phone = me.contactPoints.find(({ kind }) => kind === 'phone');
    await decideCheck(
      callbacks,
      caseId,
      { method: 'callback', contactPointId: phone?.id },
      { note: 'Answered all questions.' },
    );
    const { state, identity } = await readCase(callbacks);
    holds(identity.met && state.name === 'verify-identity.passed', `identity is ${state.name}`);
  });

  await step('the damage is undone at the exchange', async () => {
    const kinds = ['cancel_pending_withdrawals', 'revoke_sessions', 'revoke_api_keys'];
    await proposer.ask('POST', `/api/cases/${caseId}/remedies`, { kinds });
    await until(
      'remedied',
      () => readCase(proposer),
      ({ remedies }) => remedies.length === 3 && remedies.every(({ state }) => state === 'done'),
    );
    const account = await exchange.account(accountId);
    holds(
      account.withdrawals.every(({ status }) => status !== 'pending'),
      'a withdrawal is still pending',
    );
    holds(
      [...account.sessions, ...account.apiKeys].every(({ revokedAt }) => revokedAt !== null),
      'a session or key still lives',
    );
  });

  const proposal = await step('a third analyst proposes the release', async () => {
    const scopes = frozen.freezes.flatMap((freeze) => freeze.scopes);
    const wanted = {
      scopes,
      outcome: 'partly-recovered',
      reason: 'Owner proven by document and callback; thief locked out.',
    };
    const token = await proposer.reverify('proposeRelease', { caseId }, wanted);
    const path = `/api/cases/${caseId}/release-proposals`;
    return proposer.ask<{ approvalId: string; coolingOffUntil: string }>('POST', path, wanted, {
      Reverification: token,
    });
  });
  await step('who proposed cannot approve, and nobody before the cooling-off time is over', async () => {
    const path = `/api/cases/${caseId}/release-proposals/${proposal.approvalId}/approval`;
    const own = await proposer.send('POST', path);
    holds(own.status === 403, `the proposer was answered ${own.status}`);
    const wait = Date.parse(proposal.coolingOffUntil) - Date.now();
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, wait) + 50));
  });
  await step('the approver, a second person, approves', async () => {
    const params = { caseId, approvalId: proposal.approvalId };
    const token = await approver.caller.reverify('approveRelease', params, {});
    const path = `/api/cases/${caseId}/release-proposals/${proposal.approvalId}/approval`;
    await approver.caller.ask('POST', path, undefined, { Reverification: token });
  });
  const closed = await step('the exchange confirms the release and the case closes', () =>
    until(
      'closed',
      () => readCase(customer.caller),
      ({ state }) => state.name === 'closed',
    ),
  );
  await step('the account is the owner’s again', async () => {
    holds(closed.outcome === 'partly-recovered', `the outcome is ${closed.outcome}`);
    holds(await exchange.attempt(accountId, 'trading'), 'the owner still cannot trade');
  });

  const auditEvents = await step('compliance reads every step in the audit log', () =>
    readAudit(compliance.caller, caseId),
  );
  return { case: report.caseNumber, caseId, trackingLink: report.trackingLink, reportToFreezeMs, steps, auditEvents };
}

interface Me {
  accountId: string;
  contactPoints: { id: string; kind: string }[];
}

/** What the exchange's records will show of the theft: a trade and a withdrawal that waits to be sent. */
async function steal(exchange: SimulatorAdmin, accountId: string) {
  const now = Date.now();
  const at = (secondsAgo: number) => new Date(now - secondsAgo * 1_000).toISOString();
  const trade = {
    id: `trade-${now}`,
    time: at(2),
    market: 'BTC/USDT',
    side: 'sell' as const,
    amount: { asset: 'BTC', amount: '1.50000000' },
    price: { asset: 'USDT', amount: '61880.10' },
  };
  const withdrawal = {
    id: `withdrawal-${now}`,
    time: at(1),
    amount: { asset: 'USDT', amount: '92820.15' },
    network: 'TRC20',
    address: 'TXYZexampleWithdrawalAddress1234567',
    txHash: null,
    status: 'pending' as const,
  };
  await exchange.addActivity(accountId, { trades: [trade], withdrawals: [withdrawal] });
  return { trade, withdrawal };
}

type Theft = Awaited<ReturnType<typeof steal>>;

const reportOf = ({ trade, withdrawal }: Theft) => ({
  kind: 'unauthorized_trade',
  language: 'zh-CN',
  occurredAt: new Date().toISOString(),
  noticedAt: new Date().toISOString(),
  where: { channel: 'app', detail: '现货交易页面' },
  whatHappened: '我没有下这些单。比特币被卖掉，换来的 USDT 正在提现到我不认识的地址。',
  losses: [{ asset: trade.amount.asset, amount: trade.amount.amount }],
  transactionHashes: [],
  counterpartyAddresses: [withdrawal.address],
  notMine: { trades: [trade.id], withdrawals: [withdrawal.id], signIns: [] },
  compromised: [],
  requestHold: false,
});

interface ReportAnswer {
  caseNumber: string;
  caseId: string;
  trackingLink: string;
  trackingToken: string;
}

async function sendReport(customer: Caller, body: object, reverified: string): Promise<ReportAnswer> {
  const form = new FormData();
  form.set('report', JSON.stringify(body));
  for (const name of FILES) {
    const bytes = await readFile(new URL(name, SCREENSHOTS));
    form.append('evidence', new Blob([new Uint8Array(bytes)], { type: 'image/png' }), name);
  }
  return customer.ask('POST', '/api/reports', form, {
    Reverification: reverified,
    'Idempotency-Key': crypto.randomUUID(),
  });
}

interface EvidenceList {
  evidence: { evidenceId: string; name: string; sha256: string }[];
}

async function openEvidence(agent: Caller, caseId: string): Promise<void> {
  const { id } = await agent.ask<{ id: string }>('GET', '/api/me');
  await agent.ask('POST', `/api/cases/${caseId}/assignment`, { personId: id });
  const { evidence } = await agent.ask<EvidenceList>('GET', `/api/cases/${caseId}/evidence`);
  holds(evidence.length === FILES.length, `${evidence.length} pieces of evidence`);
  const [first] = evidence as [EvidenceList['evidence'][number]];
  const why = { reason: 'Reading the order history against the exchange’s records.' };
  const params = { caseId, evidenceId: first.evidenceId };
  const token = await agent.reverify('downloadEvidence', params, why);
  const response = await fetch(`${agent.baseUrl}/api/cases/${caseId}/evidence/${first.evidenceId}/downloads`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${agent.accessToken}`,
      'Content-Type': 'application/json',
      Reverification: token,
    },
    body: JSON.stringify(why),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const original = await readFile(new URL(first.name, SCREENSHOTS));
  holds(response.status === 200 && bytes.equals(original), `the original was answered ${response.status}`);
}

async function decideCheck(analyst: Caller, caseId: string, order: object, found: object): Promise<void> {
  const path = `/api/cases/${caseId}/identity-checks`;
  const { checkId } = await analyst.ask<{ checkId: string }>('POST', path, order);
  const decision = { result: 'passed', ...found };
  const token = await analyst.reverify('recordCheck', { caseId, checkId }, decision);
  await analyst.ask('POST', `${path}/${checkId}/decision`, decision, { Reverification: token });
}

/** The acts that must stand in the log for the story to be proven. */
const ACTS = [
  'report.received',
  'case.opened',
  'freeze.requested',
  'freeze.confirmed',
  'identity-check.passed',
  'release.proposed',
  'release.approved',
  'case.closed',
];

async function readAudit(compliance: Caller, caseId: string): Promise<number> {
  const actions: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const query = new URLSearchParams({ caseId, limit: '200', ...(cursor ? { cursor } : {}) });
    const page = await compliance.ask<{ events: { event: { action: string } }[]; next?: string }>(
      'GET',
      `/api/audit/events?${query}`,
    );
    actions.push(...page.events.map(({ event }) => event.action));
    cursor = page.next;
    if (!cursor) break;
  }
  const missing = ACTS.filter((act) => !actions.includes(act));
  holds(missing.length === 0, `the log lacks ${missing.join(', ')}`);
  return actions.length;
}

async function until<T>(what: string, look: () => Promise<T>, reached: (seen: T) => boolean): Promise<T> {
  const deadline = Date.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const seen = await look();
    if (reached(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`not ${what} after ${SETTLED_WITHIN_MS} ms: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function holds(held: boolean, otherwise: string): void {
  if (!held) throw new Error(otherwise);
}
