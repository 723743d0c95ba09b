// Who may what, in reading order: permissions (the people table, by role) -> separation (what no role decides) -> duties (which
// roles one person may hold together).
export { hasStaffRole, rolesInConflict } from './duties.js';
export { can, isPermission, PERMISSIONS, type Permission, type Who } from './permissions.js';
export { approvingClash, type Hands, isOwnCase, mayManage, proposingClash } from './separation.js';
