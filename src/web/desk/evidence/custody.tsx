import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { ApiProblem } from '../../ground/problem.js';
import { Time } from '../../ground/time.js';
import { Notice } from '../../ground/ui.js';
import { useActProblem } from '../acts/use-act-problem.js';
import { useEventWords } from '../case/event-words.js';
import { keyed } from '../keyed.js';
import { useNames } from '../use-colleagues.js';

const TEXTS = textsOf('desk-custody', {
  title: { 'zh-CN': '证据保管记录', en: 'Custody of the evidence' },
  show: { 'zh-CN': '显示保管记录（会被记录）', en: 'Show the custody record (this is recorded)' },
  more: { 'zh-CN': '更多', en: 'More' },
  none: { 'zh-CN': '本案没有证据。', en: 'This case never had evidence.' },
  when: { 'zh-CN': '时间', en: 'When' },
  what: { 'zh-CN': '做了什么', en: 'What' },
  who: { 'zh-CN': '谁', en: 'Who' },
  why: { 'zh-CN': '理由', en: 'Why' },
  piece: { 'zh-CN': '证据', en: 'Evidence' },
  hash: { 'zh-CN': '哈希', en: 'Hash' },
  same: { 'zh-CN': '一致', en: 'unchanged' },
  differs: { 'zh-CN': '不一致！', en: 'DIFFERENT' },
  copy: { 'zh-CN': '副本的哈希', en: 'of the copy' },
  unread: { 'zh-CN': '未读取', en: 'not read' },
  anonymous: { 'zh-CN': '未登录的报告人', en: 'a reporter not signed in' },
  customer: { 'zh-CN': '客户', en: 'customer' },
});

const COLUMNS = ['when', 'what', 'who', 'why', 'piece', 'hash'] as const;
const PAGE = 100;

interface Props {
  readonly caseId: string;
  readonly customerId: string | undefined;
}

/** Who had the evidence of a case in hand, when, why and with which hash. */
export function Custody({ caseId, customerId }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useActProblem();
  const did = useEventWords();
  const name = useNames(customerId);
  const [wanted, setWanted] = useState(false);
  const { data, error, fetchNextPage, hasNextPage, isFetching } = useInfiniteQuery({
    queryKey: ['readCaseCustody', caseId],
    queryFn: ({ pageParam }) =>
      call('readCaseCustody', { params: { caseId }, query: { limit: PAGE, ...(pageParam && { after: pageParam }) } }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
    enabled: wanted,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const rows = data?.pages.flatMap(({ custody }) => custody);
  const never = error instanceof ApiProblem && error.code === 'case_not_found';
  return (
    <section aria-labelledby="custody">
      <h2 id="custody">{say('title')}</h2>
      {rows || never ? null : (
        <Button onClick={() => setWanted(true)} loading={isFetching}>
          {say('show')}
        </Button>
      )}
      {never ? <p className="soft">{say('none')}</p> : null}
      {error && !never ? <Notice kind="bad">{problemText(error)}</Notice> : null}
      {rows ? (
        <div className="custody">
          <table>
            <thead>
              <tr>
                {COLUMNS.map((column) => (
                  <th key={column} scope="col">
                    {say(column)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {keyed(rows, ({ at, act, evidenceId }) => `${at} ${act} ${evidenceId}`).map(
                ([key, { at, act, by, reason, evidenceId, sha256, after }]) => (
                  <tr key={key}>
                    <td>
                      <Time at={at} />
                    </td>
                    <td>{did(act)}</td>
                    <td>{by.kind === 'anonymous' ? say('anonymous') : name(by.id)}</td>
                    <td>
                      <bdi>{reason}</bdi>
                    </td>
                    <td>
                      <code>{evidenceId.slice(-6)}</code>
                    </td>
                    <Hash act={act} sha256={sha256} after={after} />
                  </tr>
                ),
              )}
            </tbody>
          </table>
          {hasNextPage ? (
            <Button onClick={() => void fetchNextPage()} loading={isFetching}>
              {say('more')}
            </Button>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}

interface HashProps {
  readonly act: string;
  readonly sha256: string;
  readonly after: string | null;
}

/** Whether the bytes were found to be what came; what is shared is a copy, with a hash of its own. */
function Hash({ act, sha256, after }: HashProps): ReactNode {
  const say = useTexts(TEXTS);
  if (after === null) return <td>{say('unread')}</td>;
  if (after === sha256) return <td>{say('same')}</td>;
  return act === 'shared' ? <td>{say('copy')}</td> : <td className="overdue">{say('differs')}</td>;
}
