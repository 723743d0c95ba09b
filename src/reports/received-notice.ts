import { mailOf, type Person } from '../identity/index.js';
import type { Payload } from '../kernel/jobs.js';
import type { ReportContext } from './context.js';
import { trackingLink } from './tracking-link.js';
import type { ReportDoc } from './words.js';

interface Received {
  readonly report: ReportDoc;
  readonly person: Person | null;
  readonly token: string;
  readonly due: Date | undefined;
}

/**
 * The mail that says a report has arrived; undefined when no mailbox is left that it may go to.
 *
 * A customer signs in to follow the case, so their mail carries no link: the mailbox may be the thief's. A stranger's does,
 * unless they said that somebody reads it.
 */
export function reportReceivedNotice(
  ctx: ReportContext,
  { report, person, token, due }: Received,
): Payload | undefined {
  const to = person ? mailOf(trusting(person, report.compromised)) : anonymousMail(report);
  if (to === undefined) return undefined;
  return {
    template: 'report-received',
    to,
    locale: report.language,
    ...(person && { personId: person._id }),
    params: {
      caseNumber: report.caseNumber,
      joined: report.joined,
      ...(person ? {} : { link: trackingLink(ctx, token) }),
      ...(due && { nextUpdateBy: due.toISOString() }),
    },
  };
}

/** The person without the contact points that this very report calls compromised. */
const trusting = (person: Person, compromised: readonly string[]): Pick<Person, 'contactPoints'> => ({
  contactPoints: person.contactPoints.filter(
    ({ _id, kind }) => !compromised.includes(_id) && !compromised.includes(kind),
  ),
});

const anonymousMail = ({ contact, compromised }: ReportDoc): string | undefined =>
  compromised.includes('email') ? undefined : contact?.email;
