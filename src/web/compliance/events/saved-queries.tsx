import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { type FormEvent, type ReactNode, useState } from 'react';
import { call, type Reply } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Dialog, Field, Button as GroundButton, Notice } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { Trouble } from '../../staff/trouble.js';
import { bodyOf, type Filter } from './filter.js';

const TEXTS = textsOf('audit-queries', {
  title: { 'zh-CN': '已保存的查询', en: 'Saved queries' },
  none: { 'zh-CN': '还没有保存的查询。设好条件后点“保存查询”。', en: 'None yet. Set filters, then save them here.' },
  save: { 'zh-CN': '保存查询…', en: 'Save this query …' },
  saveTitle: { 'zh-CN': '保存查询', en: 'Save this query' },
  nothing: { 'zh-CN': '请先设置并查找至少一个条件', en: 'Set at least one filter and look first' },
  name: { 'zh-CN': '名称', en: 'Name' },
  nameHint: { 'zh-CN': '只有您能看到。', en: 'Only you will see it.' },
  cancel: { 'zh-CN': '取消', en: 'Cancel' },
  keep: { 'zh-CN': '保存', en: 'Save' },
  saved: { 'zh-CN': '已保存“{{name}}”', en: 'Saved “{{name}}”' },
  run: { 'zh-CN': '运行“{{name}}”', en: 'Run “{{name}}”' },
  forget: { 'zh-CN': '删除查询“{{name}}”', en: 'Forget “{{name}}”' },
  forgotten: { 'zh-CN': '已删除“{{name}}”', en: 'Forgot “{{name}}”' },
  taken: { 'zh-CN': '您已有一个同名的查询。', en: 'You have a query of that name already.' },
  full: { 'zh-CN': '已达上限，请先删除一个查询。', en: 'You have as many as there can be. Forget one first.' },
  address: { 'zh-CN': '来源地址不是有效的 IP 地址或网段。', en: 'The source address is no address or network.' },
});

type Query = Reply<'listAuditQueries'>['queries'][number];

interface Props {
  readonly filter: Filter;
  readonly onRun: (filter: Filter, queryId: string) => void;
}

/** The searches that the reader has kept: pressed to run, and the way to keep the present one. */
export function SavedQueries({ filter, onRun }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const { message } = App.useApp();
  const client = useQueryClient();
  const [saving, setSaving] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['listAuditQueries'],
    queryFn: () => call('listAuditQueries'),
  });
  const forgetting = useAct();
  const changed = () => client.invalidateQueries({ queryKey: ['listAuditQueries'] });
  const forget = ({ id, name }: Query) =>
    void forgetting.run(async () => {
      await call('forgetAuditQuery', { params: { queryId: id } });
      await changed();
      message.success(say('forgotten', { name }));
    });
  const empty = Object.keys(filter).length === 0;
  return (
    <section className="saved-queries" aria-label={say('title')}>
      <h2>{say('title')}</h2>
      {error ? <Trouble problem={error} onAgain={() => void refetch()} /> : null}
      {forgetting.trouble ? <Notice kind="bad">{forgetting.trouble}</Notice> : null}
      {data?.queries.length === 0 ? <span className="soft">{say('none')}</span> : null}
      {data?.queries.map((query) => (
        <span key={query.id} className="saved-query chip plain">
          <Button
            type="link"
            size="small"
            aria-label={say('run', { name: query.name })}
            onClick={() => onRun(query.filter as Filter, query.id)}
          >
            {query.name}
          </Button>
          <Button
            type="text"
            size="small"
            aria-label={say('forget', { name: query.name })}
            onClick={() => forget(query)}
          >
            {'×'}
          </Button>
        </span>
      ))}
      <Button size="small" disabled={empty} title={empty ? say('nothing') : ''} onClick={() => setSaving(true)}>
        {say('save')}
      </Button>
      {saving ? (
        <SaveDialog
          filter={filter}
          onClose={() => setSaving(false)}
          onSaved={async (name) => {
            setSaving(false);
            await changed();
            message.success(say('saved', { name }));
          }}
        />
      ) : null}
    </section>
  );
}

interface SaveProps {
  readonly filter: Filter;
  readonly onClose: () => void;
  readonly onSaved: (name: string) => Promise<void>;
}

function SaveDialog({ filter, onClose, onSaved }: SaveProps): ReactNode {
  const say = useTexts(TEXTS);
  const [name, setName] = useState('');
  const { busy, trouble, run } = useAct({
    query_name_taken: say('taken'),
    queries_full: say('full'),
    address_not_valid: say('address'),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(async (key) => {
      await call('saveAuditQuery', { body: { name: name.trim(), filter: bodyOf(filter) }, key });
      await onSaved(name.trim());
    });
  };
  return (
    <Dialog title={say('saveTitle')} onClose={onClose}>
      <form onSubmit={submit}>
        <Field label={say('name')} hint={say('nameHint')} trouble={trouble}>
          {(ties) => (
            <input
              {...ties}
              autoFocus
              required
              maxLength={100}
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
        <div className="actions">
          <GroundButton onClick={onClose}>{say('cancel')}</GroundButton>
          <GroundButton look="act" type="submit" busy={busy}>
            {say('keep')}
          </GroundButton>
        </div>
      </form>
    </Dialog>
  );
}
