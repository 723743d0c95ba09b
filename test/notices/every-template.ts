/** Parameters for every template: `least` is what must be given, `more` is everything else. */
export const SAMPLES: Readonly<Record<string, { least: Record<string, unknown>; more?: Record<string, unknown> }>> = {
  'confirm-address': {
    least: { link: 'https://firebreak.example/c?t=1&u=2' },
    more: { expiresAt: '2026-03-05T05:06:00Z' },
  },
  'confirm-contact': {
    least: { link: 'https://firebreak.example/c#t' },
    more: { expiresAt: '2026-03-05T05:06:00Z' },
  },
  'address-known': { least: {}, more: { at: '2026-03-04T05:06:00Z' } },
  'password-reset': {
    least: { link: 'https://firebreak.example/r#t' },
    more: { expiresAt: '2026-03-05T05:06:00Z' },
  },
  'password-reset-impossible': { least: {}, more: { at: '2026-03-04T05:06:00Z' } },
  'setup-link': { least: { link: 'https://firebreak.example/s#t' }, more: { expiresAt: '2026-03-05T05:06:00Z' } },
  'report-received': {
    least: { caseNumber: 'FB-7K2M-9QXT-4' },
    more: { link: 'https://firebreak.example/t#x', joined: true, nextUpdateBy: '2026-03-05T05:06:00Z' },
  },
  'freeze-confirmed': {
    least: { caseNumber: 'FB-7K2M-9QXT-4', scopes: ['crypto_withdrawal', 'api_keys'] },
    more: {
      confirmedAt: '2026-03-04T05:06:00Z',
      expiresAt: '2026-03-05T05:06:00Z',
      link: 'https://firebreak.example/t#x',
    },
  },
  'freeze-partial': {
    least: { caseNumber: 'FB-7K2M-9QXT-4', applied: ['trading'], missing: ['crypto_withdrawal'] },
    more: { link: 'https://firebreak.example/t#x' },
  },
  'freeze-unconfirmed': {
    least: { caseNumber: 'FB-7K2M-9QXT-4' },
    more: { requestedAt: '2026-03-04T05:06:00Z', link: 'https://firebreak.example/t#x' },
  },
  'audit-alarm': { least: { reason: 'log-damaged', at: '2026-03-04T05:06:00Z' }, more: { reason: 'witness-refused' } },
  'freeze-refused': {
    least: { caseNumber: 'FB-7K2M-9QXT-4' },
    more: { link: 'https://firebreak.example/t#x' },
  },
  'staff-page': {
    least: { caseNumber: 'FB-7K2M-9QXT-4', reason: 'freeze-unconfirmed' },
    more: { at: '2026-03-04T05:06:00Z', link: 'https://firebreak.example/t#x' },
  },
  'staff-account-alarm': {
    least: { personId: `person_${'0123456789ab'.repeat(2)}` },
    more: { at: '2026-03-04T05:06:00Z' },
  },
  'identity-needed': {
    least: { caseNumber: 'FB-7K2M-9QXT-4', factorAgeDays: 7 },
    more: {
      checks: ['authenticator', 'document', 'callback'],
      dueBy: '2026-03-05T05:06:00Z',
      link: 'https://firebreak.example/t#x',
    },
  },
  'identity-passed': { least: { caseNumber: 'FB-7K2M-9QXT-4' }, more: { link: 'https://firebreak.example/t#x' } },
  'identity-failed': { least: { caseNumber: 'FB-7K2M-9QXT-4' }, more: { link: 'https://firebreak.example/t#x' } },
  'release-proposed': {
    least: { caseNumber: 'FB-7K2M-9QXT-4' },
    more: { notBefore: '2026-03-05T05:06:00Z', link: 'https://firebreak.example/t#x' },
  },
  'release-approved': { least: { caseNumber: 'FB-7K2M-9QXT-4' }, more: { link: 'https://firebreak.example/t#x' } },
  'account-released': {
    least: { caseNumber: 'FB-7K2M-9QXT-4' },
    more: {
      scopes: ['trading', 'sign_in'],
      remaining: ['crypto_withdrawal'],
      releasedAt: '2026-03-04T05:06:00Z',
      link: 'https://firebreak.example/t#x',
    },
  },
  'case-closed': {
    least: { caseNumber: 'FB-7K2M-9QXT-4', outcome: 'partly-recovered' },
    more: { reopenUntil: '2026-04-04T05:06:00Z', link: 'https://firebreak.example/t#x' },
  },
  'hold-placed': {
    least: { caseNumber: 'FB-7K2M-9QXT-4', factorAgeDays: 7 },
    more: { expiresAt: '2026-03-04T09:06:00Z', link: 'https://firebreak.example/t#x' },
  },
  'message-waiting': { least: { caseNumber: 'FB-7K2M-9QXT-4' }, more: { link: 'https://firebreak.example/t#x' } },
  'break-glass-owner': {
    least: { caseNumber: 'FB-7K2M-9QXT-4' },
    more: { at: '2026-03-04T05:06:00Z', until: '2026-03-04T05:36:00Z' },
  },
  'break-glass-staff': {
    least: { caseNumber: 'FB-7K2M-9QXT-4' },
    more: { at: '2026-03-04T05:06:00Z', until: '2026-03-04T05:36:00Z' },
  },
  'security-change': {
    least: { change: 'password-changed' },
    more: { at: '2026-03-04T05:06:00Z', holds: true, link: 'https://firebreak.example/not-me#x' },
  },
  'contact-compromised': {
    least: { kind: 'phone' },
    more: { caseNumber: 'FB-7K2M-9QXT-4', at: '2026-03-04T05:06:00Z' },
  },
};
