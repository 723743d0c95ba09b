import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { textsOf, useTexts } from '../ground/language.js';

const TEXTS = textsOf('home', {
  title: { 'zh-CN': '账户出事了？', en: 'Something wrong with your account?' },
  report: { 'zh-CN': '报告', en: 'Report it' },
});

export function Home(): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <section className="sheet">
      <h1>{say('title')}</h1>
      <Link href="/report">{say('report')}</Link>
    </section>
  );
}
