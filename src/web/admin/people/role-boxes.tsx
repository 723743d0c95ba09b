import type { ReactNode } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import type { Role } from '../../ground/session.js';
import { useRoleName } from '../../staff/role-names.js';

const TEXTS = textsOf('role-boxes', {
  roles: { 'zh-CN': '角色', en: 'Roles' },
  agent: { 'zh-CN': '受理、留言、冻结至多 24 小时', en: 'intake, messages, freezes up to 24 h' },
  analyst: {
    'zh-CN': '专员的全部；延长冻结、核实身份、提议解冻',
    en: 'all of an agent; extends a freeze, verifies identity, proposes a release',
  },
  approver: { 'zh-CN': '批准别人提议的解冻', en: 'approves a release that somebody else proposed' },
  compliance: { 'zh-CN': '审计日志、导出、法律保全', en: 'audit log, exports, legal holds' },
  admin: { 'zh-CN': '人员、角色、密钥', en: 'people, roles, keys' },
});

const STAFF_ROLES = ['agent', 'analyst', 'approver', 'compliance', 'admin'] as const;

interface Props {
  readonly roles: readonly Role[];
  readonly onRoles: (roles: readonly Role[]) => void;
}

/** Staff roles to tick, each with what it may. */
export function RoleBoxes({ roles, onRoles }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const roleName = useRoleName();
  return (
    <fieldset>
      <legend>{say('roles')}</legend>
      {STAFF_ROLES.map((role) => (
        <label key={role} className="role-box">
          <input
            type="checkbox"
            name={role}
            checked={roles.includes(role)}
            onChange={({ target }) =>
              onRoles(target.checked ? [...roles, role] : roles.filter((other) => other !== role))
            }
          />
          <span>
            <strong>{roleName(role)}</strong> <span className="soft">{say(role)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
