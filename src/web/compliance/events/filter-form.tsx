import { Button, Form, Input, Select } from 'antd';
import type { ReactNode } from 'react';
import { textsOf, useLanguage, useTexts } from '../../ground/language.js';
import { useStaffList } from '../../staff/person-name.js';
import { useRoleName } from '../../staff/role-names.js';
import { type Filter, type FilterName, filterOf, instantOf, localOf } from './filter.js';

const TEXTS = textsOf('audit-filter', {
  form: { 'zh-CN': '筛选审计事件', en: 'Filter audit events' },
  actor: { 'zh-CN': '操作人', en: 'Actor' },
  actorHint: { 'zh-CN': '人员编号、anonymous、worker 或 cli', en: 'Person id, anonymous, worker or cli' },
  role: { 'zh-CN': '当时的角色', en: 'Role held' },
  action: { 'zh-CN': '动作', en: 'Action' },
  caseId: { 'zh-CN': '案件编号', en: 'Case id' },
  accountId: { 'zh-CN': '交易所账户', en: 'Account' },
  result: { 'zh-CN': '结果', en: 'Result' },
  done: { 'zh-CN': '已完成', en: 'done' },
  refused: { 'zh-CN': '被拒绝', en: 'refused' },
  any: { 'zh-CN': '不限', en: 'any' },
  sourceAddress: { 'zh-CN': '来源地址', en: 'Source address' },
  text: { 'zh-CN': '关键词', en: 'Words' },
  from: { 'zh-CN': '起始时间（{{zone}}）', en: 'From ({{zone}})' },
  to: { 'zh-CN': '截止时间（{{zone}}）', en: 'Until ({{zone}})' },
  look: { 'zh-CN': '查找', en: 'Look' },
  clear: { 'zh-CN': '清除条件', en: 'Clear' },
});

const ROLES = ['customer', 'agent', 'analyst', 'approver', 'compliance', 'admin'];

interface Props {
  readonly filter: Filter;
  /** Actions to offer: those that were seen. */
  readonly actions: readonly string[];
  readonly busy: boolean;
  readonly onFilter: (filter: Filter) => void;
}

type Values = Partial<Record<FilterName, string>>;

/** Every filter that the log knows. What is typed is looked for when the form is sent, not letter by letter: each look is recorded. */
export function FilterForm({ filter, actions, busy, onFilter }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const roleName = useRoleName();
  const staff = useStaffList();
  const language = useLanguage();
  const zone =
    new Intl.DateTimeFormat(language, { timeZoneName: 'short' })
      .formatToParts()
      .find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const values = { ...filter, from: localOf(filter.from), to: localOf(filter.to) };
  const send = (given: Values) =>
    onFilter(filterOf({ ...given, from: instantOf(given.from), to: instantOf(given.to) }));
  const field = (name: FilterName, input: ReactNode, label = say(name, { zone })) => (
    <Form.Item name={name} label={label}>
      {input}
    </Form.Item>
  );
  return (
    <Form<Values>
      key={JSON.stringify(filter)}
      name="audit-filter"
      layout="vertical"
      className="audit-filter"
      role="search"
      aria-label={say('form')}
      initialValues={values}
      onFinish={send}
    >
      {field('text', <Input maxLength={200} />)}
      {field('actor', <Input list="audit-staff" placeholder={say('actorHint')} />)}
      {field(
        'role',
        <Select
          allowClear
          placeholder={say('any')}
          options={ROLES.map((role) => ({ value: role, label: roleName(role) }))}
        />,
      )}
      {field('action', <Input list="audit-actions" spellCheck={false} />)}
      {field(
        'result',
        <Select
          allowClear
          placeholder={say('any')}
          options={(['done', 'refused'] as const).map((value) => ({ value, label: say(value) }))}
        />,
      )}
      {field('caseId', <Input spellCheck={false} />)}
      {field('accountId', <Input spellCheck={false} />)}
      {field('sourceAddress', <Input spellCheck={false} />)}
      {field('from', <Input type="datetime-local" />)}
      {field('to', <Input type="datetime-local" />)}
      <div className="filter-acts">
        <Button onClick={() => onFilter({})}>{say('clear')}</Button>
        <Button type="primary" htmlType="submit" loading={busy}>
          {say('look')}
        </Button>
      </div>
      <datalist id="audit-staff">
        {staff.map(({ id, email }) => (
          <option key={id} value={id}>
            {email}
          </option>
        ))}
      </datalist>
      <datalist id="audit-actions">
        {actions.map((action) => (
          <option key={action} value={action} />
        ))}
      </datalist>
    </Form>
  );
}
