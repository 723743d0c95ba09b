// Mails, in reading order: words -> params, names, say -> templates/ -> frame, text, html, render-notice ->
// file-outbox, mailer -> jobs. Features ask for a mail by a `send-notice` job and never import this room.
export { type NoticesContext, noticeJobs, sweepMails } from './jobs.js';
export { type Mail, type Mailer, makeMailer } from './mailer.js';
export { NoticeError, type NoticeRequest, type RenderedNotice, renderNotice } from './render-notice.js';
