import { Button, Table, type TableProps, Tooltip } from 'antd';
import type { ReactNode } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { useMe } from '../../ground/session.js';
import { Time } from '../../ground/time.js';
import { Chip } from '../../staff/chip.js';
import { useRoleName } from '../../staff/role-names.js';
import { wide } from '../../staff/wide.js';
import type { Doing } from './people-page.js';
import type { Person } from './use-people.js';

const TEXTS = textsOf('people-table', {
  email: { 'zh-CN': '邮箱', en: 'E-mail' },
  me: { 'zh-CN': '您自己', en: 'you' },
  roles: { 'zh-CN': '角色', en: 'Roles' },
  noRoles: { 'zh-CN': '无', en: 'none' },
  state: { 'zh-CN': '状态', en: 'State' },
  invited: { 'zh-CN': '已邀请，尚未设置', en: 'invited, not set up yet' },
  noFactor: { 'zh-CN': '没有第二验证方式', en: 'no second factor' },
  active: { 'zh-CN': '正常', en: 'active' },
  suspended: { 'zh-CN': '已停用', en: 'suspended' },
  since: { 'zh-CN': '加入时间', en: 'Since' },
  acts: { 'zh-CN': '操作', en: 'Acts' },
  change: { 'zh-CN': '更改角色…', en: 'Roles …' },
  suspend: { 'zh-CN': '停用…', en: 'Suspend …' },
  reinstate: { 'zh-CN': '恢复…', en: 'Reinstate …' },
  reset: { 'zh-CN': '重置验证方式…', en: 'Reset factors …' },
  own: {
    'zh-CN': '没有人可以更改自己的角色或状态，请另一位管理员来做。',
    en: 'Nobody changes their own roles or state. Ask another admin.',
  },
  notSetUp: { 'zh-CN': '此人还没有完成设置，请重新邀请。', en: 'They are not set up yet: invite them again.' },
  none: { 'zh-CN': '没有符合的人员。', en: 'Nobody fits.' },
});

interface Props {
  readonly people: readonly Person[];
  readonly loading: boolean;
  readonly onAct: (doing: Doing) => void;
}

/** People and what can be done with them; what cannot is greyed, with the reason. */
export function PeopleTable({ people, loading, onAct }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const roleName = useRoleName();
  const me = useMe();
  const columns: TableProps<Person>['columns'] = [
    {
      title: say('email'),
      key: 'email',
      width: 300,
      render: (_, { id, email }) => (
        <>
          {email} {id === me.id ? <Chip>{say('me')}</Chip> : null}
          <div>
            <code className="soft small">{id}</code>
          </div>
        </>
      ),
    },
    {
      title: say('roles'),
      key: 'roles',
      width: 220,
      render: (_, { roles }) =>
        roles.length === 0 ? (
          <span className="soft">{say('noRoles')}</span>
        ) : (
          roles.map((role) => <Chip key={role}>{roleName(role)}</Chip>)
        ),
    },
    { title: say('state'), key: 'state', width: 200, render: (_, person) => <State person={person} /> },
    {
      title: say('since'),
      key: 'since',
      width: 150,
      render: (_, { createdAt }) => <Time at={createdAt} style="date" />,
    },
    {
      title: say('acts'),
      key: 'acts',
      width: 380,
      render: (_, person) => {
        const own = person.id === me.id ? say('own') : '';
        const act = (name: 'roles' | 'suspend' | 'reinstate' | 'reset', label: string, why = own) => (
          <PersonAct name={`${label} ${person.email}`} why={why} onPress={() => onAct({ act: name, person })}>
            {label}
          </PersonAct>
        );
        return (
          <div className="person-acts">
            {act('roles', say('change'))}
            {person.suspendedAt ? act('reinstate', say('reinstate')) : act('suspend', say('suspend'))}
            {act('reset', say('reset'), own || (person.setUp ? '' : say('notSetUp')))}
          </div>
        );
      },
    },
  ];
  return (
    <Table<Person>
      size="small"
      rowKey="id"
      columns={columns}
      dataSource={people as Person[]}
      pagination={{ defaultPageSize: 50, hideOnSinglePage: true, showSizeChanger: false }}
      loading={loading}
      scroll={wide(people, 1_250)}
      locale={{ emptyText: say('none') }}
    />
  );
}

function State({ person }: { readonly person: Person }): ReactNode {
  const say = useTexts(TEXTS);
  if (person.suspendedAt)
    return (
      <>
        <Chip kind="bad">{say('suspended')}</Chip>
        <div className="soft small">
          <Time at={person.suspendedAt} />
        </div>
      </>
    );
  if (!person.setUp) return <Chip kind="warn">{say('invited')}</Chip>;
  return person.secondFactor ? say('active') : <Chip kind="warn">{say('noFactor')}</Chip>;
}

interface ActProps {
  readonly name: string;
  /** Why it cannot be done now; empty when it can. */
  readonly why: string;
  readonly onPress: () => void;
  readonly children: string;
}

/** A button that stays reachable by keyboard when it is greyed, so that its reason can be read. */
function PersonAct({ name, why, onPress, children }: ActProps): ReactNode {
  const button = (
    <Button
      size="small"
      aria-label={why ? `${name}. ${why}` : name}
      aria-disabled={Boolean(why)}
      className={why ? 'greyed' : ''}
      onClick={why ? undefined : onPress}
    >
      {children}
    </Button>
  );
  return why ? <Tooltip title={why}>{button}</Tooltip> : button;
}
