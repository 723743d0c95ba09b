import { hooks, type Reply } from '../../ground/client.js';
import type { Language } from '../../ground/language.js';
import { ApiProblem } from '../../ground/problem.js';
import type { Me } from '../../ground/session.js';
import { upload } from '../../ground/upload.js';
import { type DeviceFile, dropFiles, moveFiles } from '../evidence/device-files.js';
import { caseShelf } from '../evidence/upload-queue.js';
import { keepTrying } from '../keep-trying.js';
import { keepReceipts } from '../receipts.js';
import { type Draft, draftShelf, forgetDraft } from './draft.js';
import { reportBody, willFreeze } from './report-body.js';

interface Sending {
  readonly draft: Draft;
  readonly files: readonly DeviceFile[];
  readonly me: Me | undefined;
  readonly language: Language;
  readonly signal: AbortSignal;
  /** Keeps the key before anything is sent: a lost answer is asked for again under it, after a reload too. */
  readonly onKey: (sent: NonNullable<Draft['sent']>) => void;
  readonly onProgress: (share: number) => void;
  readonly onWait: (tries: number) => void;
}

/**
 * Sends the report until it is answered. A stranger's files go with it; whoever is signed in reports at once, so that the freeze
 * waits for no picture, and the files follow into the case.
 *
 * @throws ApiProblem · Cancelled · DOMException `AbortError`
 */
export async function sendReport(sending: Sending): Promise<Reply<'submitReport'>> {
  const { draft, files, me, language, signal, onKey, onProgress, onWait } = sending;
  const report = reportBody(draft, me, language);
  const reverification = willFreeze(draft, me)
    ? await hooks.reverify({ operation: 'submitReport', params: {}, body: report })
    : undefined;
  // Without this the report of somebody whose session has just ended would be taken for a stranger's.
  if (me && !(await hooks.accessToken())) throw new ApiProblem(401, { code: 'token_refused' });
  const what = JSON.stringify([report, me ? [] : files.map(({ id }) => id), reverification !== undefined]);
  const key = draft.sent?.what === what ? draft.sent.key : crypto.randomUUID();
  onKey({ key, what });
  const body = me ? report : formOf(report, files);
  const send = () => upload('submitReport', { body, key, reverification, signal, onProgress });
  const { reply, receipts } = await keepTrying(send, { signal, onWait });
  if (reply.caseId) {
    keepReceipts(reply.caseId, 'report', receipts);
    await moveFiles(draftShelf(me?.id ?? ''), caseShelf(reply.caseId));
  } else await dropFiles(draftShelf(''));
  forgetDraft(me?.id ?? '');
  return reply;
}

function formOf(report: object, files: readonly DeviceFile[]): FormData {
  const form = new FormData();
  form.append('report', JSON.stringify(report));
  for (const { file } of files) form.append('evidence', file, file.name);
  return form;
}
