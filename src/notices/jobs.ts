import Joi from 'joi';
import { MINUTE, SECOND } from '../kernel/clock.js';
import { jobFor, type Payload, type Recurring } from '../kernel/jobs.js';
import type { Kernel } from '../kernel/route.js';
import type { Mailer } from './mailer.js';
import { NoticeError, type NoticeRequest, renderNotice } from './render-notice.js';

export interface NoticesContext extends Kernel {
  readonly mailer: Mailer;
}

const job = jobFor<NoticesContext>();

/** One plain address: no display name, no list, nothing that could become a second recipient. */
const address = Joi.string().email({ tlds: false, multiple: false }).max(254).required();

/**
 * Sends one mail: `{ template, to, locale, params }`.
 *
 * Run twice it sends the same Message-ID, or writes the same file. For about an hour and a half it is tried again.
 */
export const sendNotice = job({
  name: 'send-notice',
  attempts: 14,
  backoff: [SECOND, 5 * SECOND, 20 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE],
  handle: async (ctx, payload, { jobId }) => {
    const { error, value: to } = address.validate(payload['to']);
    if (error) throw new NoticeError('notice: to is no e-mail address');
    const asked = askedFor(payload);
    const id = `${jobId}-${asked.template}`; // job ids begin with the time, so files sort by it
    await ctx.mailer.send({ ...renderNotice(asked), id, to, locale: asked.locale, date: ctx.clock.now() });
    ctx.logger.info('notice sent', { jobId, template: asked.template });
  },
  onFailed: async (ctx, payload, error) => {
    ctx.logger.error('a notice could not be sent: tell its reader in another way', {
      template: payload['template'],
      reason: error instanceof NoticeError ? error.message : undefined, // names parameters, holds no values
      error,
    });
  },
});

export const noticeJobs = [sendNotice];

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

/** `renderNotice` checks what is in here. */
const askedFor = ({ template, locale, params }: Payload): NoticeRequest =>
  ({ template, locale, params: params ?? {} }) as unknown as NoticeRequest;
