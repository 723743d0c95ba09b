import { Button, Dropdown, Layout, type MenuProps } from 'antd';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { setLanguage, textsOf, useLanguage, useTexts } from '../ground/language.js';
import { type Role, useMe } from '../ground/session.js';
import { useSignOut } from '../ground/use-sign-out.js';

const TEXTS = textsOf('staff-frame', {
  skip: { 'zh-CN': '跳到正文', en: 'Skip to the content' },
  other: { 'zh-CN': 'English', en: '中文' },
  nav: { 'zh-CN': '主导航', en: 'Main' },
  desk: { 'zh-CN': '案件', en: 'Cases' },
  figures: { 'zh-CN': '数据', en: 'Figures' },
  audit: { 'zh-CN': '审计日志', en: 'Audit log' },
  anomalies: { 'zh-CN': '异常', en: 'Anomalies' },
  checkpoints: { 'zh-CN': '检查点', en: 'Checkpoints' },
  exports: { 'zh-CN': '导出与验证', en: 'Export and verify' },
  holds: { 'zh-CN': '法律保全', en: 'Legal holds' },
  erasures: { 'zh-CN': '抹除', en: 'Erasures' },
  people: { 'zh-CN': '人员', en: 'People' },
  workflows: { 'zh-CN': '流程', en: 'Workflows' },
  keys: { 'zh-CN': '密钥', en: 'Keys' },
  glass: { 'zh-CN': '紧急查看', en: 'Break glass' },
  security: { 'zh-CN': '我的安全设置', en: 'My security' },
  signOut: { 'zh-CN': '退出', en: 'Sign out' },
});

type Page = readonly [path: string, name: keyof typeof TEXTS.texts, roles: readonly Role[]];

/** Which pages each role finds in the menu; what it may do there the API decides. */
const PAGES: readonly Page[] = [
  ['/desk', 'desk', ['agent', 'analyst', 'approver', 'compliance']],
  ['/desk/figures', 'figures', ['agent', 'analyst', 'approver', 'compliance']],
  ['/compliance', 'audit', ['compliance']],
  ['/compliance/anomalies', 'anomalies', ['compliance']],
  ['/compliance/checkpoints', 'checkpoints', ['compliance']],
  ['/compliance/exports', 'exports', ['compliance']],
  ['/compliance/holds', 'holds', ['compliance']],
  ['/compliance/erasures', 'erasures', ['compliance']],
  ['/admin', 'people', ['admin']],
  ['/admin/workflows', 'workflows', ['admin', 'agent', 'analyst', 'approver', 'compliance']],
  ['/admin/keys', 'keys', ['admin']],
  ['/desk/break-glass', 'glass', ['admin']],
];

/** What stands around every page of staff: the pages of their roles, language, and the way out. */
export function Frame({ children }: { readonly children: ReactNode }): ReactNode {
  const say = useTexts(TEXTS);
  const language = useLanguage();
  const me = useMe();
  const [here] = useLocation();
  const { leave, trouble } = useSignOut();
  const pages = PAGES.filter(([, , roles]) => roles.some((role) => me.roles.includes(role)));
  const current = pages.toSorted(([a], [b]) => b.length - a.length).find(([path]) => here.startsWith(path))?.[0];
  const own: MenuProps['items'] = [
    { key: 'security', label: <a href="/security">{say('security')}</a> },
    { key: 'out', label: say('signOut'), onClick: leave },
  ];
  return (
    <Layout className="staff">
      <a className="skip" href="#content">
        {say('skip')}
      </a>
      <Layout.Header className="staff-top">
        <Link href={pages[0]?.[0] ?? '/desk'} className="brand">
          Firebreak
        </Link>
        <nav aria-label={say('nav')}>
          <ul>
            {pages.map(([path, name]) => (
              <li key={path}>
                <Link href={path} aria-current={path === current ? 'page' : undefined}>
                  {say(name)}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <Button
          type="link"
          lang={language === 'en' ? 'zh-CN' : 'en'}
          onClick={() => setLanguage(language === 'en' ? 'zh-CN' : 'en')}
        >
          {say('other')}
        </Button>
        <Dropdown menu={{ items: own }} trigger={['click']}>
          <Button type="text">{me.email}</Button>
        </Dropdown>
      </Layout.Header>
      <main id="content" className="staff-main">
        {trouble}
        {children}
      </main>
    </Layout>
  );
}
