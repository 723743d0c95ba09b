import assert from 'node:assert/strict';
import { makeGate } from '../../src/identity/index.js';
import { ROLES, type Role } from '../../src/kernel/actor.js';
import { allRoutes } from '../support/sample-path.js';

type Who = Role | 'anonymous';
const COLUMNS: readonly Who[] = ['anonymous', ...ROLES];

/**
 * Who may call what, operation by operation, written from the product's people table and not from the code: a route that is
 * missing here, or opens itself to another role, fails. Whoever adds a route says here for whom.
 *
 * What a role may call is not yet what it may see or decide: "not yours", and who had which hand in a release, are tested
 * where they are decided.
 */
const WHO_MAY: Readonly<Record<string, string>> = {
  [COLUMNS.join(' ')]: `
    submitReport disownSecurityChange trackCase
    register confirmAddress finishSetup signIn passSecondFactor refreshSession askPasswordReset resetPassword
    passRecoveryCode offerPasskeySignIn signInWithPasskey
    listSsoProviders startSsoSignIn startSsoInvitation finishSso
    confirmContactPoint readKeySet readAuditCheckpoint readAuditKeys readAuditProof readHealth readReadiness`,

  [ROLES.join(' ')]: `
    readMe signOut enrolTotp confirmTotp changePassword listSessions endSession endSessions
    askReverification answerReverification answerReverificationByPasskey answerReverificationByRecoveryCode
    offerPasskey addPasskey removePasskey replaceTotp renewRecoveryCodes
    addContactPoint sendContactConfirmation confirmPhone markContactPointCompromised removeContactPoint setMailWord
    linkAccount showAccount listAccountActivity checkUp makeOwnSupportCode checkStaffSupportCode
    listOwnHolds cancelHold proveAuthenticator copyCase
    listSsoLinks startSsoLink startSsoReverification unlinkSso`,

  'customer agent analyst approver compliance': 'readReports listCases getCase getTimeline addMessage',
  'customer agent analyst approver admin': 'listEvidence downloadEvidence showPreviewImage showPreviewContent',
  'agent analyst approver compliance': 'readFigures',
  'customer agent analyst': 'addEvidence startUpload readUpload continueUpload endUpload',

  'agent analyst approver compliance admin': 'listColleagues listWorkflows',

  'agent analyst': `
    makeSupportCode checkSupportCode triageCase assignCase linkCaseAccount requestIdentity freezeAccount retryFreeze waiveFreeze
    askScan askPreview redactEvidence listRedactions showRedaction`,
  analyst: `
    shareRedaction
    extendFreeze listContactPoints startCheck recordCheck failIdentity resetCustomerFactors orderRemedies proposeRelease closeCase reopenCase
    restoreContactPoint`,
  approver: 'approveRelease declineRelease listProposals',

  compliance:
    'setLegalHold liftLegalHold setRetention readCustody readCaseCustody listAuditEvents showAuditEvent takeAuditProof listAuditCheckpoints exportCaseAudit makeManifest orderErasure showErasure searchAuditEvents listAuditAnomalies readAuditStatus saveAuditQuery listAuditQueries forgetAuditQuery',

  admin: `
    listPeople invitePerson setRoles suspendPerson reinstatePerson resetFactors
    openBreakGlass listBreakGlass endBreakGlass
    listMasterKeys`,
};

const ROWS = Object.entries(WHO_MAY).flatMap(([who, ids]) =>
  ids
    .trim()
    .split(/\s+/)
    .map((id) => [id, who.split(' ')] as const),
);

const actorOf = (who: Who) => ({
  kind: who === 'anonymous' ? ('anonymous' as const) : ('person' as const),
  id: who,
  roles: who === 'anonymous' ? [] : [who],
  secondFactor: true,
  requestId: 'test',
});

describe('every operation', () => {
  const { permit } = makeGate({ identity: {} } as never);
  const may = new Map(ROWS);

  it('has its row in the table, once, and the table has no other', () => {
    assert.deepEqual(ROWS.map(([id]) => id).toSorted(), allRoutes.map(({ id }) => id).toSorted());
  });

  it('names only roles there are', () => {
    for (const [id, who] of ROWS) for (const each of who) assert.ok(COLUMNS.includes(each as Who), `${id} ${each}`);
  });

  for (const route of allRoutes)
    it(`${route.id} lets in whom its row names, and nobody else`, () => {
      for (const who of COLUMNS) {
        const answer = answerOf(() => permit(actorOf(who), route.access));
        const expected = may.get(route.id)?.includes(who)
          ? 'yes'
          : who === 'anonymous'
            ? 'not_signed_in'
            : 'not_allowed';
        assert.equal(answer, expected, `${who} ${route.id}`);
      }
    });

  it('lets staff without a second factor do nothing but set one up, or leave', () => {
    const open = allRoutes
      .filter(({ access }) => access !== 'public')
      .filter(({ access }) => {
        const half = { ...actorOf('admin'), secondFactor: false };
        return answerOf(() => permit(half, access)) !== 'second_factor_required';
      });
    assert.deepEqual(
      open.map(({ access }) => access),
      open.map(() => 'first-factor'),
    );
  });
});

function answerOf(ask: () => void): string {
  try {
    ask();
    return 'yes';
  } catch (error) {
    return (error as { code: string }).code;
  }
}
