import { App, ConfigProvider } from 'antd';
import en from 'antd/locale/en_GB';
import zhCN from 'antd/locale/zh_CN';
import { lazy, type ReactNode, Suspense, useSyncExternalStore } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { openDoor } from '../ground/door.js';
import { SignedIn } from '../ground/gate.js';
import { useLanguage } from '../ground/language.js';
import { Frame } from './frame.js';
import { NotFound } from './not-found.js';
import './staff.css';
import { nonce } from './style-nonce.js';
import { themeOf } from './theme.js';

const Desk = lazy(() => import('../desk/desk.js').then((room) => ({ default: room.Desk })));
const Compliance = lazy(() => import('../compliance/compliance.js').then((room) => ({ default: room.Compliance })));
const Admin = lazy(() => import('../admin/admin.js').then((room) => ({ default: room.Admin })));

const LOCALES = { 'zh-CN': zhCN, en };
/**
 * Dialogs and menus open here: in the body itself they would lock its scrolling by a style element without our nonce.
 * staff.css locks it.
 */
const popups = (): HTMLElement => document.getElementById('popups') ?? document.body;
const dark = matchMedia('(prefers-color-scheme: dark)');
const calm = matchMedia('(prefers-reduced-motion: reduce)');

const useMatch = (query: MediaQueryList): boolean =>
  useSyncExternalStore(
    (changed) => {
      query.addEventListener('change', changed);
      return () => query.removeEventListener('change', changed);
    },
    () => query.matches,
  );

function Staff(): ReactNode {
  const language = useLanguage();
  const isDark = useMatch(dark);
  const isCalm = useMatch(calm);
  return (
    <ConfigProvider
      locale={LOCALES[language]}
      theme={themeOf(isDark, isCalm)}
      csp={{ nonce }}
      button={{ autoInsertSpace: false }}
      getPopupContainer={popups}
    >
      <App>
        <SignedIn landmark="main" enrol={<Redirect to="/security" replace />}>
          <Frame>
            <Suspense fallback={null}>
              <Switch>
                <Route path="/desk/*?" component={Desk} />
                <Route path="/compliance/*?" component={Compliance} />
                <Route path="/admin/*?" component={Admin} />
                <Route component={NotFound} />
              </Switch>
            </Suspense>
          </Frame>
        </SignedIn>
      </App>
    </ConfigProvider>
  );
}

openDoor(<Staff />);
