// Mails, in reading order: words -> params, names, say -> templates/ -> frame, text, html, render-notice ->
// text-messages -> file-outbox, mailer, texter -> recipients -> jobs. Features ask for a mail by a `send-notice` job, for a
// text message by `send-text`, and never import this room.
export { type NoticesContext, noticeJobs, sweepMails } from './jobs.js';
export { type Mail, type Mailer, makeMailer } from './mailer.js';
export type { Recipients } from './recipients.js';
export { NoticeError, type NoticeRequest, type RenderedNotice, renderNotice } from './render-notice.js';
export { makeTexter, type Texter, type TextMail } from './texter.js';
