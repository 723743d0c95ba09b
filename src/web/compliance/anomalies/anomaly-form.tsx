import { Button, Form, Input, InputNumber, Select } from 'antd';
import type { ReactNode } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { instantOf, localOf } from '../events/filter.js';
import type { Measures } from './use-anomalies.js';

const TEXTS = textsOf('anomaly-form', {
  form: { 'zh-CN': '筛选异常', en: 'Filter anomalies' },
  from: { 'zh-CN': '起始时间', en: 'From' },
  to: { 'zh-CN': '截止时间', en: 'Until' },
  kind: { 'zh-CN': '种类', en: 'Kind' },
  any: { 'zh-CN': '全部', en: 'all' },
  timeZone: { 'zh-CN': '工作时间所在时区', en: 'Time zone of working hours' },
  dayFrom: { 'zh-CN': '上班（时）', en: 'Day begins (hour)' },
  dayTo: { 'zh-CN': '下班（时）', en: 'Day ends (hour)' },
  viewsPerHour: { 'zh-CN': '每小时查看次数上限', en: 'Views in an hour' },
  youngHours: { 'zh-CN': '新案件（小时）', en: 'A case is young for (h)' },
  look: { 'zh-CN': '查看', en: 'Look' },
});

const KINDS = textsOf('anomaly-kinds', {
  'break-glass': { 'zh-CN': '紧急破窗', en: 'Breaking the glass' },
  'young-release': { 'zh-CN': '新案件即解冻', en: 'Early release' },
  'outside-case': { 'zh-CN': '他人的案件', en: 'Outside their cases' },
  'odd-hours': { 'zh-CN': '非工作时间', en: 'Odd hours' },
  'many-views': { 'zh-CN': '查看过多', en: 'Many views' },
});

type Kind = keyof typeof KINDS.texts;
const KIND_NAMES = Object.keys(KINDS.texts) as Kind[];

/** A kind of anomaly in two or three words. */
export function useKindName(): (kind: Kind) => string {
  return useTexts(KINDS);
}

interface Values extends Omit<Measures, 'from' | 'to'> {
  readonly from?: string;
  readonly to?: string;
  readonly kind?: string;
}

interface Props {
  readonly measures: Measures;
  readonly kind: string | undefined;
  readonly busy: boolean;
  readonly onLook: (values: Readonly<Record<string, string | undefined>>) => void;
}

export function AnomalyForm({ measures, kind, busy, onLook }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const kindName = useKindName();
  const send = ({ from, to, kind: chosen, ...rest }: Values) =>
    onLook({
      ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value ?? '')])),
      from: instantOf(from),
      to: instantOf(to),
      kind: chosen,
    });
  const hour = <InputNumber min={0} max={24} precision={0} />;
  return (
    <Form<Values>
      key={JSON.stringify([measures, kind])}
      name="anomaly-filter"
      layout="vertical"
      className="audit-filter"
      role="search"
      aria-label={say('form')}
      initialValues={{ ...measures, from: localOf(measures.from), to: localOf(measures.to), kind }}
      onFinish={send}
    >
      <Form.Item name="from" label={say('from')}>
        <Input type="datetime-local" required />
      </Form.Item>
      <Form.Item name="to" label={say('to')}>
        <Input type="datetime-local" required />
      </Form.Item>
      <Form.Item name="kind" label={say('kind')}>
        <Select
          allowClear
          placeholder={say('any')}
          options={KIND_NAMES.map((name) => ({ value: name, label: kindName(name) }))}
        />
      </Form.Item>
      <Form.Item name="timeZone" label={say('timeZone')}>
        <Input required spellCheck={false} />
      </Form.Item>
      <Form.Item name="dayFrom" label={say('dayFrom')}>
        {hour}
      </Form.Item>
      <Form.Item name="dayTo" label={say('dayTo')}>
        {hour}
      </Form.Item>
      <Form.Item name="viewsPerHour" label={say('viewsPerHour')}>
        <InputNumber min={1} max={100_000} precision={0} />
      </Form.Item>
      <Form.Item name="youngHours" label={say('youngHours')}>
        <InputNumber min={1} max={8_760} precision={0} />
      </Form.Item>
      <div className="filter-acts">
        <Button type="primary" htmlType="submit" loading={busy}>
          {say('look')}
        </Button>
      </div>
    </Form>
  );
}
