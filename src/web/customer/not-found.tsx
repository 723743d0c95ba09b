import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { textsOf, useTexts } from '../ground/language.js';

const TEXTS = textsOf('not-found', {
  title: { 'zh-CN': '没有这个页面', en: 'There is no such page' },
  why: { 'zh-CN': '链接可能不完整。', en: 'The link may not be whole.' },
  home: { 'zh-CN': '回到首页', en: 'Back to the start' },
});

export function NotFound(): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <section className="sheet">
      <h1>{say('title')}</h1>
      <p>{say('why')}</p>
      <Link href="/">{say('home')}</Link>
    </section>
  );
}
