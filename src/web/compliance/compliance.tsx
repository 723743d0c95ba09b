import type { ReactNode } from 'react';
import { Route, Switch } from 'wouter';
import { NotFound } from '../staff/not-found.js';
import { AnomaliesPage } from './anomalies/anomalies-page.js';
import { CheckpointsPage } from './checkpoints/checkpoints-page.js';
import './compliance.css';
import { ErasuresPage } from './erasures/erasures-page.js';
import { EventPage } from './events/event-page.js';
import { EventsPage } from './events/events-page.js';
import { ExportsPage } from './exports/exports-page.js';
import { HoldsPage } from './holds/holds-page.js';

/** The door of compliance: what was recorded, what proves it, what leaves the house, and what must stay. */
export function Compliance(): ReactNode {
  return (
    <Switch>
      <Route path="/compliance" component={EventsPage} />
      <Route path="/compliance/events/:eventId">{({ eventId }) => <EventPage key={eventId} eventId={eventId} />}</Route>
      <Route path="/compliance/anomalies" component={AnomaliesPage} />
      <Route path="/compliance/checkpoints" component={CheckpointsPage} />
      <Route path="/compliance/exports" component={ExportsPage} />
      <Route path="/compliance/holds" component={HoldsPage} />
      <Route path="/compliance/erasures" component={ErasuresPage} />
      <Route component={NotFound} />
    </Switch>
  );
}
