import assert from 'node:assert/strict';
import { can, hasStaffRole, PERMISSIONS, type Permission, rolesInConflict, type Who } from '../../src/access/index.js';
import { ROLES, type Role } from '../../src/kernel/actor.js';

// Written a second time on purpose, one column per role as the people table of the product has it: a change of one side
// alone fails here.                          anon cust agent analyst approver compliance admin
const CELLS: Record<Permission, string> = {
  'report.submit': /*                    */ 'yes  yes  yes   yes     yes      yes        yes',
  'case.read': /*                        */ 'no   yes  yes   yes     yes      yes        no',
  'case.work': /*                        */ 'no   no   yes   yes     no       no         no',
  'case.freeze': /*                      */ 'no   no   yes   yes     no       no         no',
  'freeze.extend': /*                    */ 'no   no   no    yes     no       no         no',
  'identity.verify': /*                  */ 'no   no   no    yes     no       no         no',
  'remedy.order': /*                     */ 'no   no   no    yes     no       no         no',
  'release.propose': /*                  */ 'no   no   no    yes     no       no         no',
  'release.approve': /*                  */ 'no   no   no    no      yes      no         no',
  'case.close': /*                       */ 'no   no   no    yes     no       no         no',
  'case.reopen': /*                      */ 'no   no   no    yes     no       no         no',
  'evidence.view': /*                    */ 'no   yes  yes   yes     yes      no         yes',
  'evidence.add': /*                     */ 'no   yes  yes   yes     no       no         no',
  'evidence.share': /*                   */ 'no   no   no    yes     no       no         no',
  'break-glass.open': /*                 */ 'no   no   no    no      no       no         yes',
  'audit.read': /*                       */ 'no   no   no    no      no       yes        no',
  'audit.export': /*                     */ 'no   no   no    no      no       yes        no',
  'audit.erase': /*                      */ 'no   no   no    no      no       yes        no',
  'legal-hold.set': /*                   */ 'no   no   no    no      no       yes        no',
  'retention.set': /*                    */ 'no   no   no    no      no       yes        no',
  'people.manage': /*                    */ 'no   no   no    no      no       no         yes',
  'colleague.read': /*                   */ 'no   no   yes   yes     yes      yes        yes',
  'workflow.read': /*                    */ 'no   no   yes   yes     yes      yes        yes',
  'figures.read': /*                     */ 'no   no   yes   yes     yes      yes        no',
  'keys.read': /*                        */ 'no   no   no    no      no       no         yes',
};
const COLUMNS: readonly Who[] = ['anonymous', 'customer', 'agent', 'analyst', 'approver', 'compliance', 'admin'];

const actorOf = (who: Who) =>
  who === 'anonymous' ? ({ kind: 'anonymous', roles: [] } as const) : ({ kind: 'person', roles: [who] } as const);

describe('permissions', () => {
  it('has a column for every role', () => {
    assert.deepEqual([...COLUMNS].sort(), ['anonymous', ...ROLES].sort());
  });

  it('has a line for every permission', () => {
    assert.deepEqual(Object.keys(CELLS).sort(), Object.keys(PERMISSIONS).sort());
  });

  for (const [permission, line] of Object.entries(CELLS)) {
    const cells = line.split(/\s+/);
    COLUMNS.forEach((who, column) => {
      it(`${who}: ${permission} ${cells[column]}`, () => {
        assert.ok(cells[column] === 'yes' || cells[column] === 'no', 'the cell is written');
        assert.equal(can(actorOf(who), permission), cells[column] === 'yes');
      });
    });
  }

  it('gives an analyst all that an agent has', () => {
    for (const permission of Object.keys(PERMISSIONS))
      if (can(actorOf('agent'), permission)) assert.ok(can(actorOf('analyst'), permission), permission);
  });

  it('gives nobody a permission that the table does not know', () => {
    for (const name of ['case.burn', 'toString', '__proto__', 'constructor', ''])
      for (const who of COLUMNS) assert.equal(can(actorOf(who), name), false, `${who} ${name}`);
  });

  it('gives the system none: it calls verbs, not routes', () => {
    for (const permission of Object.keys(PERMISSIONS))
      assert.equal(can({ kind: 'system', roles: [...ROLES] }, permission), false);
  });

  it('an anonymous actor with roles is still anonymous', () => {
    assert.equal(can({ kind: 'anonymous', roles: ['admin'] }, 'people.manage'), false);
  });
});

describe('duties', () => {
  const clash: readonly Role[][] = [
    ['compliance', 'agent'],
    ['compliance', 'analyst'],
    ['compliance', 'approver'],
    ['admin', 'agent'],
    ['admin', 'analyst'],
    ['admin', 'approver'],
    ['customer', 'agent'],
    ['customer', 'admin'],
    ['customer', 'compliance'],
  ];
  for (const roles of clash)
    it(`nobody is ${roles.join(' and ')}`, () => {
      assert.ok(rolesInConflict(roles));
      assert.ok(rolesInConflict([...roles].reverse()));
    });

  it('lets roles that do not check each other stand together', () => {
    for (const roles of [
      ['analyst', 'approver'],
      ['agent', 'analyst'],
      ['compliance', 'admin'],
      ['customer'],
      [],
    ] as Role[][])
      assert.equal(rolesInConflict(roles), undefined);
  });

  it('takes everybody but a customer for staff', () => {
    for (const role of ROLES) assert.equal(hasStaffRole([role]), role !== 'customer');
    assert.equal(hasStaffRole([]), false);
  });
});
