import { readFile } from 'node:fs/promises';
import type { Caller } from './caller.js';
import { type EvidenceList, FILES, holds, type Me, SCREENSHOTS, type Step } from './scene.js';

export const openEvidence: Step = {
  name: 'an agent takes the case and opens the evidence',
  play: async ({ caseId, cast }) => {
    const agent = cast.agent.caller;
    const { id } = await agent.ask<Me>('GET', '/api/me');
    await agent.ask('POST', `/api/cases/${caseId}/assignment`, { personId: id });
    const { evidence } = await agent.ask<EvidenceList>('GET', `/api/cases/${caseId}/evidence`);
    holds(evidence.length === FILES.length, `${evidence.length} pieces of evidence`);
    const [first] = evidence as [EvidenceList['evidence'][number]];
    const why = { reason: 'Reading the order history against the exchange’s records.' };
    const token = await agent.reverify('downloadEvidence', { caseId, evidenceId: first.evidenceId }, why);
    const path = `/api/cases/${caseId}/evidence/${first.evidenceId}/downloads`;
    const { status, bytes } = await agent.bytes('POST', path, why, { Reverification: token });
    const original = await readFile(new URL(first.name, SCREENSHOTS));
    holds(status === 200 && bytes.equals(original), `the original was answered ${status}`);
  },
};

export const checkDocument: Step = {
  name: 'one analyst checks the identity document against the evidence',
  play: async ({ caseId, cast }) => {
    const { evidence } = await cast.customer.caller.ask<EvidenceList>('GET', `/api/cases/${caseId}/evidence`);
    const document = evidence.find(({ name }) => name === 'identity-document.png');
    const found = { evidenceIds: [document?.evidenceId], note: 'Name, number and photo fit.' };
    await decideCheck(cast.analysts[0].caller, caseId, { method: 'document' }, found);
  },
};

export const callBack: Step = {
  name: 'another calls the number that was on file before',
  play: async (scene) => {
    const { caller } = scene.cast.analysts[1];
    const phone = scene.know('me').contactPoints.find(({ kind }) => kind === 'phone');
    const order = { method: 'callback', contactPointId: phone?.id };
    await decideCheck(caller, scene.caseId, order, { note: 'Answered all questions.' });
    const { state, identity } = await scene.readCase(caller);
    holds(identity.met && state.name === 'verify-identity.passed', `identity is ${state.name}`);
  },
};

async function decideCheck(analyst: Caller, caseId: string, order: object, found: object): Promise<void> {
  const path = `/api/cases/${caseId}/identity-checks`;
  const { checkId } = await analyst.ask<{ checkId: string }>('POST', path, order);
  const decision = { result: 'passed', ...found };
  const token = await analyst.reverify('recordCheck', { caseId, checkId }, decision);
  await analyst.ask('POST', `${path}/${checkId}/decision`, decision, { Reverification: token });
}
