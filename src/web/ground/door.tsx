import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Component, type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './ground.css';
import { textsOf, useTexts } from './language.js';
import { ApiProblem } from './problem.js';
import { openSession } from './session.js';
import { StepUp } from './step-up.js';
import { Button, Notice } from './ui.js';

const TEXTS = textsOf('door', {
  broken: { 'zh-CN': '这个页面出错了', en: 'This page has failed' },
  brokenWhy: {
    'zh-CN': '您的数据没有丢失。请重新载入；如果还是这样，请通过交易所的帮助中心联系我们。',
    en: 'Nothing of yours is lost. Load it again; if it goes on, contact us through the help centre of the exchange.',
  },
  reload: { 'zh-CN': '重新载入', en: 'Load again' },
});

const RETRIES = 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (tried, error) => tried < RETRIES && error instanceof ApiProblem && error.passing,
      staleTime: 2_000,
      refetchOnReconnect: true,
    },
  },
});

/** Opens a door: what every page of it stands on, around what it shows. */
export function openDoor(children: ReactNode): void {
  const root = document.getElementById('root');
  if (!root) throw new Error('no root');
  createRoot(root).render(
    <StrictMode>
      <Broken>
        <QueryClientProvider client={queries}>
          {children}
          <StepUp />
        </QueryClientProvider>
      </Broken>
    </StrictMode>,
  );
  void openSession();
}

/** A fault of ours leaves a way on instead of an empty page. */
class Broken extends Component<{ readonly children: ReactNode }, { readonly broken: boolean }> {
  override state = { broken: false };
  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }
  override render(): ReactNode {
    return this.state.broken ? <BrokenPage /> : this.props.children;
  }
}

function BrokenPage(): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <main className="sheet narrow">
      <h1>{say('broken')}</h1>
      <Notice kind="bad">{say('brokenWhy')}</Notice>
      <Button look="act" onClick={() => location.reload()}>
        {say('reload')}
      </Button>
    </main>
  );
}
