import * as contact from './contact-routes.js';
import * as factors from './factors/routes.js';
import * as keys from './key-routes.js';
import * as me from './me-routes.js';
import * as passkeys from './passkeys/routes.js';
import * as password from './password-routes.js';
import * as people from './people-routes.js';
import * as session from './session-routes.js';
import * as sso from './sso/routes.js';
import * as support from './support-routes.js';

export const identityRoutes = [
  ...Object.values(session),
  ...Object.values(me),
  ...Object.values(password),
  ...Object.values(factors),
  ...Object.values(passkeys),
  ...Object.values(contact),
  ...Object.values(support),
  ...Object.values(people),
  ...Object.values(keys),
  ...Object.values(sso),
];
