import { lazy, type ReactNode, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { NotFound } from '../staff/not-found.js';
import './admin.css';
import { KeysPage } from './keys/keys-page.js';
import { PeoplePage } from './people/people-page.js';

/** What places the diagram is loaded with the first diagram. */
const WorkflowsPage = lazy(() =>
  import('./workflows/workflows-page.js').then((page) => ({ default: page.WorkflowsPage })),
);

/** The door of admins: people and what they may, how cases run, and the keys of the house. */
export function Admin(): ReactNode {
  return (
    <Suspense fallback={null}>
      <Switch>
        <Route path="/admin" component={PeoplePage} />
        <Route path="/admin/workflows/:kind?">{({ kind }) => <WorkflowsPage kind={kind} />}</Route>
        <Route path="/admin/keys" component={KeysPage} />
        <Route component={NotFound} />
      </Switch>
    </Suspense>
  );
}
