import Joi from 'joi';
import { MINUTE, SECOND } from '../kernel/clock.js';
import { jobFor, type Payload, type Recurring } from '../kernel/jobs.js';
import type { Kernel } from '../kernel/route.js';
import type { Mailer } from './mailer.js';
import { addressed, type Recipients } from './recipients.js';
import { isHarmless, NoticeError, type NoticeRequest, renderNotice } from './render-notice.js';
import { isHarmlessText, renderText } from './text-messages.js';
import type { Texter } from './texter.js';

export interface NoticesContext extends Kernel {
  readonly mailer: Mailer;
  readonly texter: Texter;
  readonly recipients: Recipients;
}

const job = jobFor<NoticesContext>();

/** One plain address: no display name, no list, nothing that could become a second recipient. */
const address = Joi.string().email({ tlds: false, multiple: false }).max(254).required();

/** E.164. */
const telephone = Joi.string()
  .pattern(/^\+[1-9]\d{6,14}$/)
  .required();

/** For about an hour and a half. */
const PATIENCE = {
  attempts: 14,
  backoff: [SECOND, 5 * SECOND, 20 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE],
} as const;

/**
 * Sends one mail: `{ template, to, locale, params }`, and for whom (`personId`, `contactPointId`) and with which link
 * (`secret`) where somebody said so. What is true of the reader is asked at this moment: a mailbox that was marked compromised
 * since the mail was queued gets nothing that a thief could use.
 *
 * Run twice it sends the same Message-ID, or writes the same file.
 */
export const sendNotice = job({
  name: 'send-notice',
  ...PATIENCE,
  handle: async (ctx, payload, { jobId }) => {
    const { error, value: to } = address.validate(payload['to']);
    if (error) throw new NoticeError('notice: to is no e-mail address');
    const recipient = await ctx.recipients.find(addressed(to, payload));
    if (!recipient.trusted && !isHarmless(payload['template'])) return leaveOut(ctx, jobId, payload);
    const asked = askedFor(payload, recipient.link === undefined ? {} : { link: recipient.link });
    const id = `${jobId}-${asked.template}`; // job ids begin with the time, so files sort by it
    const mail = renderNotice(asked, recipient.mailWord);
    await ctx.mailer.send({ ...mail, id, to, locale: asked.locale, date: ctx.clock.now() });
    ctx.logger.info('notice sent', { jobId, template: asked.template });
  },
  onFailed: async (ctx, payload, error) => gaveUp(ctx, payload, error),
});

function gaveUp({ logger }: NoticesContext, { template }: Payload, error: unknown): void {
  logger.error('a notice could not be sent: tell its reader in another way', {
    template,
    reason: error instanceof NoticeError ? error.message : undefined, // names parameters, holds no values
    error,
  });
}

/** Sends one text message, as `send-notice` sends a mail. */
export const sendText = job({
  name: 'send-text',
  ...PATIENCE,
  handle: async (ctx, payload, { jobId }) => {
    const { error, value: to } = telephone.validate(payload['to']);
    if (error) throw new NoticeError('text: to is no telephone number');
    const recipient = await ctx.recipients.find(addressed(to, payload));
    if (!recipient.trusted && !isHarmlessText(String(payload['template']))) return leaveOut(ctx, jobId, payload);
    const { link, code } = recipient;
    const asked = askedFor(payload, { ...(link !== undefined && { link }), ...(code !== undefined && { code }) });
    await ctx.texter.send({ id: `${jobId}-${asked.template}`, to, text: renderText(asked), date: ctx.clock.now() });
    ctx.logger.info('text sent', { jobId, template: asked.template });
  },
  onFailed: async (ctx, payload, error) => gaveUp(ctx, payload, error),
});

export const noticeJobs = [sendNotice, sendText];

function leaveOut({ logger }: NoticesContext, jobId: string, { template }: Payload): void {
  logger.info('notice left out: its contact point is compromised', { jobId, template });
}

/** Far longer than writing one mail takes. */
const HALF_WRITTEN_MS = 10 * MINUTE;

/** A mail half written when its process was killed was written anew by another try; what is left of it names people. */
export const sweepMails: Recurring<NoticesContext> = {
  name: 'sweep-mails',
  everyMs: 10 * MINUTE,
  handle: async ({ mailer, clock, logger }) => {
    const removed = await mailer.sweep?.(new Date(clock.now().getTime() - HALF_WRITTEN_MS));
    if (removed) logger.info('half-written mails removed', { removed });
  },
};

/** `renderNotice` checks what is in here; of its secrets only those that were made just now count. */
const askedFor = ({ template, locale, params }: Payload, secrets: Readonly<Record<string, string>>): NoticeRequest =>
  ({ template, locale, params: { ...(params as object | undefined), ...secrets } }) as unknown as NoticeRequest;
