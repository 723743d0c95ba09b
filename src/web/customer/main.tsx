import { lazy, type ReactNode, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { openDoor } from '../ground/door.js';
import './customer.css';
import { Frame } from './frame.js';
import { Home } from './home.js';
import { NotFound } from './not-found.js';

const Report = lazy(() => import('./report/page.js').then(({ ReportPage }) => ({ default: ReportPage })));
const Cases = lazy(() => import('./case/list-page.js').then(({ CasesPage }) => ({ default: CasesPage })));
const Case = lazy(() => import('./case/page.js').then(({ CasePage }) => ({ default: CasePage })));
const Track = lazy(() => import('./case/track-page.js').then(({ TrackPage }) => ({ default: TrackPage })));
const Security = lazy(() => import('./security/page.js').then(({ SecurityPage }) => ({ default: SecurityPage })));
const SignInPage = lazy(() => import('./security/sign-in-page.js').then((page) => ({ default: page.SignInPage })));
const Register = lazy(() => import('./security/register-page.js').then((page) => ({ default: page.RegisterPage })));
const Forgot = lazy(() => import('./security/forgot-page.js').then((page) => ({ default: page.ForgotPage })));
const Setup = lazy(() => import('./links/setup-page.js').then((page) => ({ default: page.SetupPage })));
const ConfirmAddress = lazy(() =>
  import('./links/confirm-address-page.js').then((page) => ({ default: page.ConfirmAddressPage })),
);
const ConfirmContact = lazy(() =>
  import('./links/confirm-contact-page.js').then((page) => ({ default: page.ConfirmContactPage })),
);
const NotMe = lazy(() => import('./links/not-me-page.js').then((page) => ({ default: page.NotMePage })));
const ResetPassword = lazy(() =>
  import('./links/reset-password-page.js').then((page) => ({ default: page.ResetPasswordPage })),
);
const SsoCallback = lazy(() =>
  import('./links/sso-callback-page.js').then((page) => ({ default: page.SsoCallbackPage })),
);

const pages: ReactNode = (
  <Frame>
    <Suspense fallback={null}>
      <Switch>
        <Route path="/" component={Home} />
        <Route path="/report" component={Report} />
        <Route path="/cases" component={Cases} />
        <Route path="/cases/:caseId">{({ caseId }) => <Case caseId={caseId} />}</Route>
        <Route path="/track" component={Track} />
        <Route path="/security/*?" component={Security} />
        <Route path="/sign-in" component={SignInPage} />
        <Route path="/register" component={Register} />
        <Route path="/forgot-password" component={Forgot} />
        <Route path="/setup" component={Setup} />
        <Route path="/confirm-address" component={ConfirmAddress} />
        <Route path="/confirm-contact" component={ConfirmContact} />
        <Route path="/not-me" component={NotMe} />
        <Route path="/reset-password" component={ResetPassword} />
        <Route path="/sso/callback" component={SsoCallback} />
        <Route component={NotFound} />
      </Switch>
    </Suspense>
  </Frame>
);

// React shows what it had to wait for with a delay of its own; the page that the frightened open first comes with the door.
const open = () => openDoor(pages);
if (location.pathname === '/report') void import('./report/page.js').then(open, open);
else open();
